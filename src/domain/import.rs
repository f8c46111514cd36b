//! Tracking numbers out of a file: what a carrier's program, a warehouse or a spreadsheet wrote, as text
//! (`product` 4.6). Pure, and it fails only by saying what is wrong with the file or the row.
//!
//! Invariant: every row of the file that holds anything is one [`row::Row`]; none is dropped.

pub mod cell;
pub mod column;
pub mod content;
pub mod near;
pub mod row;
pub mod table;

/// The largest file or text, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The most rows below the names of the columns.
pub const MAX_ROWS: usize = 5_000;
/// The most columns: a file of more has none.
pub const MAX_COLUMNS: usize = 200;

/// How long a file is kept, in days: long enough to send it and to correct what was not sent. Nobody knows what
/// else stands in it.
pub const KEPT_DAYS: i32 = 7;

/// Why a file or a text is no table with tracking numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is over [`MAX_BYTES`].
    #[error("the file is too large")]
    TooLarge,
    /// It is the file of a spreadsheet program, not a text.
    #[error("the file is a workbook")]
    Workbook,
    /// It is a picture, a PDF, or something else that is no text.
    #[error("the file is no text")]
    NotText,
    /// It is text, but not in columns.
    #[error("the file has no columns")]
    NoColumns,
    /// There are names of columns, and nothing below.
    #[error("the file has no rows")]
    NoRows,
    /// There are more than [`MAX_ROWS`] rows.
    #[error("the file has too many rows")]
    TooManyRows,
}

impl Unreadable {
    /// Each of them once.
    pub const ALL: [Self; 7] = [
        Self::Empty,
        Self::TooLarge,
        Self::Workbook,
        Self::NotText,
        Self::NoColumns,
        Self::NoRows,
        Self::TooManyRows,
    ];
}
