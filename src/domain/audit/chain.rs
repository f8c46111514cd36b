//! How one can tell that nothing of the audit was changed: each row's hash covers the row and the hash of the
//! row before.
//!
//! The chain alone shows a row that was changed, added in between or taken away. It does not show that its
//! last rows are gone, nor that somebody made all of it anew; for that, its head is copied to where who holds
//! the database does not reach, and the copy is compared (`reliability` S-21). So no key is needed: one that
//! lies beside the database would keep nobody out who got that far.

use std::fmt;
use std::fmt::Write;
use std::str::FromStr;

use sha2::Digest;
use sha2::Sha256;

/// A row as it is stored.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its number.
    pub seq: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// Which user.
    pub user: Option<i64>,
    /// The account, or nothing.
    pub account: String,
    /// The order.
    pub order_id: Option<String>,
    /// What about.
    pub topic: String,
    /// How it ended.
    pub outcome: String,
    /// What.
    pub kind: String,
    /// The rest of it, as the database writes JSON.
    pub details: String,
    /// The request.
    pub request_id: Option<String>,
    /// Where it came from.
    pub peer: Option<String>,
    /// The hash of the row before.
    pub previous: Vec<u8>,
    /// Its own.
    pub hash: Vec<u8>,
}

impl Row {
    /// The hash that the row should have. Each field has its length before it, so that no two rows read
    /// the same; `chain_audit` in the migrations does it the same way.
    fn expected(&self) -> Vec<u8> {
        let mut text = String::new();
        let mut field = |value: Option<&str>| match value {
            Some(value) => {
                let _ = write!(text, "{}:{value}", value.len());
            }
            None => text.push('-'),
        };
        field(Some(&self.seq.to_string()));
        field(Some(&self.at.to_string()));
        field(Some(&self.actor));
        field(self.user.map(|it| it.to_string()).as_deref());
        field(Some(&self.account));
        field(self.order_id.as_deref());
        field(Some(&self.topic));
        field(Some(&self.outcome));
        field(Some(&self.kind));
        field(Some(&self.details));
        field(self.request_id.as_deref());
        field(self.peer.as_deref());
        Sha256::new().chain_update(&self.previous).chain_update(text).finalize().to_vec()
    }
}

/// The end of the chain, as it is now or was once. Written `12:9f86…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the last row; 0 while there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

impl Head {
    /// The end of a chain without rows.
    pub fn start() -> Self {
        Self { seq: 0, hash: vec![0; 32] }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.seq)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = "a head is a number, a colon, and 64 hexadecimal digits";
        let (seq, hex) = text.split_once(':').ok_or(wrong)?;
        let digits: Option<Vec<u8>> =
            hex.chars().map(|it| u8::try_from(it.to_digit(16)?).ok()).collect();
        let digits = digits.filter(|it| it.len() == 64).ok_or(wrong)?;
        let hash = digits.chunks(2).map(|it| it[0] * 16 + it[1]).collect();
        Ok(Self { seq: seq.parse().ok().filter(|it| *it >= 0).ok_or(wrong)?, hash })
    }
}

/// Where the chain is broken first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A row was taken away.
    #[error("row {0} is missing")]
    Missing(i64),
    /// A row does not follow from the one before: that one, or this one, was replaced.
    #[error("row {0} does not follow from the row before it")]
    Unlinked(i64),
    /// A row was changed.
    #[error("row {0} was changed after it was written")]
    Changed(i64),
    /// The last rows are gone.
    #[error("the rows after {last} are gone: there were {expected}")]
    Cut {
        /// The last row that there is.
        last: i64,
        /// The last row that there was.
        expected: i64,
    },
    /// The row is another than it was when the head was written down.
    #[error("row {0} is not the one that the head was written down of")]
    Rewritten(i64),
}

/// A walk along the chain from its beginning.
#[derive(Debug, Clone)]
pub struct Walk {
    /// How far it has come.
    pub reached: Head,
    /// A head that was written down elsewhere.
    pub anchor: Option<Head>,
}

impl Walk {
    /// Before the first row.
    pub fn new(anchor: Option<Head>) -> Self {
        Self { reached: Head::start(), anchor }
    }

    /// Takes the next row in.
    pub fn step(&mut self, row: &Row) -> Result<(), Broken> {
        if row.seq != self.reached.seq + 1 {
            return Err(Broken::Missing(self.reached.seq + 1));
        }
        if row.previous != self.reached.hash {
            return Err(Broken::Unlinked(row.seq));
        }
        if row.expected() != row.hash {
            return Err(Broken::Changed(row.seq));
        }
        self.reached = Head { seq: row.seq, hash: row.hash.clone() };
        self.compare_with_anchor()
    }

    fn compare_with_anchor(&self) -> Result<(), Broken> {
        match &self.anchor {
            Some(anchor) if anchor.seq == self.reached.seq && *anchor != self.reached => {
                Err(Broken::Rewritten(anchor.seq))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// After the last row: `head` is where the chain was when the walk began.
    pub fn end(self, head: &Head) -> Result<Head, Broken> {
        let known = self.anchor.as_ref().map_or(0, |it| it.seq).max(head.seq);
        if self.reached.seq < known {
            return Err(Broken::Cut { last: self.reached.seq, expected: known });
        }
        if self.reached.seq == head.seq && self.reached != *head {
            return Err(Broken::Rewritten(head.seq));
        }
        // A chain without rows has had no step that compared.
        self.compare_with_anchor()?;
        Ok(self.reached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of that many rows.
    fn chain(rows: i64) -> Vec<Row> {
        let mut chain: Vec<Row> = Vec::new();
        for seq in 1..=rows {
            let previous = chain.last().map_or_else(|| vec![0; 32], |it| it.hash.clone());
            let mut row = Row {
                seq,
                at: 1_700_000_000_000_000 + seq,
                actor: "person".to_owned(),
                user: Some(1),
                account: String::new(),
                order_id: None,
                topic: "sign_in".to_owned(),
                outcome: "done".to_owned(),
                kind: "signed_out".to_owned(),
                details: "{}".to_owned(),
                request_id: None,
                peer: Some("::1".to_owned()),
                previous,
                hash: Vec::new(),
            };
            row.hash = row.expected();
            chain.push(row);
        }
        chain
    }

    fn walked(rows: &[Row], anchor: Option<Head>, head: &Head) -> Result<Head, Broken> {
        let mut walk = Walk::new(anchor);
        rows.iter().try_for_each(|row| walk.step(row))?;
        walk.end(head)
    }

    fn head_of(rows: &[Row]) -> Head {
        rows.last().map_or_else(Head::start, |it| Head { seq: it.seq, hash: it.hash.clone() })
    }

    #[test]
    fn each_way_of_tampering_shows() {
        let rows = chain(9);
        let head = head_of(&rows);
        assert_eq!(walked(&rows, Some(head_of(&rows[..4])), &head), Ok(head.clone()));

        let mut changed = rows.clone();
        changed[4].user = None;
        assert_eq!(walked(&changed, None, &head), Err(Broken::Changed(5)));
        changed[4].hash = changed[4].expected();
        assert_eq!(walked(&changed, None, &head), Err(Broken::Unlinked(6)));

        let mut without = rows.clone();
        without.remove(4);
        assert_eq!(walked(&without, None, &head), Err(Broken::Missing(5)));

        let cut = &rows[..7];
        let expected = Err(Broken::Cut { last: 7, expected: 9 });
        assert_eq!(walked(cut, None, &head), expected);
        // Whoever cuts the tail can set the head back, but not the copy of it that lies elsewhere.
        assert_eq!(walked(cut, None, &head_of(cut)), Ok(head_of(cut)));
        assert_eq!(walked(cut, Some(head.clone()), &head_of(cut)), expected);
        assert_eq!(
            walked(&[], Some(head.clone()), &Head::start()),
            Err(Broken::Cut { last: 0, expected: 9 })
        );

        let mut anew = chain(9);
        anew[2].actor = "comptoir".to_owned();
        for at in 2..9 {
            anew[at].previous = anew[at - 1].hash.clone();
            anew[at].hash = anew[at].expected();
        }
        assert_eq!(walked(&anew, None, &head_of(&anew)), Ok(head_of(&anew)));
        assert_eq!(walked(&anew, Some(head), &head_of(&anew)), Err(Broken::Rewritten(9)));
    }

    #[test]
    fn no_two_rows_read_the_same() {
        let mut rows = chain(1);
        let mut other = rows.remove(0);
        let hash = other.expected();
        // The border between two fields moves.
        other.topic = "sign_i".to_owned();
        other.outcome = "ndone".to_owned();
        assert_ne!(other.expected(), hash);
    }

    #[test]
    fn heads_are_read_as_they_are_written() {
        let head = head_of(&chain(3));
        assert_eq!(head.to_string().parse(), Ok(head.clone()));
        assert_eq!(head.to_string().to_uppercase().parse(), Ok(head));
        for wrong in ["", "3", "3:", "3:abc", "x:00", "-1:00", ":"] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
