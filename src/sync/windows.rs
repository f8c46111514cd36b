//! Reading orders from a marketplace that does not sort: narrow windows of time, each read page by page until
//! two passes agree, because pages by number drift while orders change.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::octopia::orders::PAGE_SIZE_MAX;
use crate::octopia::orders::Page;
use crate::octopia::orders::Query;
use crate::sync::Context;
use crate::sync::pull::Break;
use crate::sync::pull::store;

/// The first window; each next one is wider or narrower, depending on how many orders were in the last.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
const NARROWEST: SignedDuration = SignedDuration::from_secs(60);
/// A window of more pages than this is cut in half.
const TOO_MANY_PAGES: u32 = 5;
/// Orders that change all the time could keep two passes from ever agreeing. The overlap of the next
/// reading covers what changed meanwhile.
const MAX_PASSES: usize = 5;

/// Reads everything that changed from an instant on, up to the moment of the answer that showed the
/// missing order. Says how many orders were written.
pub(super) async fn read(
    context: &Context,
    from: Timestamp,
    unsorted: &Page,
) -> Result<usize, Break> {
    let end = unsorted.answered_at.unwrap_or_else(|| context.clock.now());
    let (mut from, mut width, mut written) = (from, FIRST, 0);
    while from < end {
        let to = (from + width).min(end);
        let mut before = BTreeSet::new();
        let mut pages = 0;
        for pass in 0..MAX_PASSES {
            let Seen { orders, pages: read, written: new, cut } = once(context, from, to).await?;
            written += new;
            pages = read;
            if cut && width > NARROWEST {
                break;
            }
            if pass > 0 && orders == before {
                break;
            }
            before = orders;
        }
        if pages > TOO_MANY_PAGES && width > NARROWEST {
            width = (width / 2).max(NARROWEST);
            continue;
        }
        store(context, Vec::new(), Some(to)).await?;
        from = to;
        if pages <= 1 {
            width *= 2;
        }
    }
    Ok(written)
}

struct Seen {
    orders: BTreeSet<(Option<String>, Option<Timestamp>)>,
    pages: u32,
    written: usize,
    cut: bool,
}

async fn once(context: &Context, from: Timestamp, to: Timestamp) -> Result<Seen, Break> {
    let mut seen = Seen { orders: BTreeSet::new(), pages: 0, written: 0, cut: false };
    loop {
        seen.pages += 1;
        let query = Query {
            updated_at_min: Some(from),
            updated_at_max: Some(to),
            page_index: seen.pages,
            ..Query::default()
        };
        let page = context.client.list_orders(&query).await?;
        let is_last = page.items.len() < PAGE_SIZE_MAX as usize;
        seen.orders.extend(page.items.iter().map(|it| (it.order_id.clone(), it.updated_at)));
        seen.written += store(context, page.items, None).await?;
        if is_last {
            return Ok(seen);
        }
        if seen.pages > TOO_MANY_PAGES {
            seen.cut = true;
            return Ok(seen);
        }
    }
}
