//! From the list of orders to a draft.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use sqlx::PgConnection;
use url::form_urlencoded;

use crate::db;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::batch::Input;
use crate::domain::batch::MOST_ROWS;
use crate::domain::batch::Origin;
use crate::domain::batch::Purpose;
use crate::domain::batch::Task;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::batches;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::orders::list;
use crate::web::session::SignedIn;
use crate::workflow::batches::CreateError;
use crate::workflow::batches::Draft;
use crate::workflow::batches::NewRow;
use crate::workflow::batches::Wanted;
use crate::workflow::batches::create as make;
use crate::workflow::batches::id_of;

/// The form around the list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selected {
    /// Born with the page: the same ticks of the same page make one batch.
    #[serde(default)]
    form: String,
    /// A word of [`Purpose`]: the button.
    #[serde(default)]
    purpose: String,
    /// `account/order`, as often as there are ticks.
    #[serde(default)]
    order: Vec<String>,
    /// Whether all that the filters leave is meant.
    #[serde(default)]
    all: String,
    /// The filters, as the list's address has them.
    #[serde(default)]
    filter: String,
}

/// `POST /batches`
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(selected): Form<Selected>,
) -> Result<Response> {
    let lang = signed_in.lang;
    let purpose = Purpose::parse(&selected.purpose);
    let purpose = purpose.ok_or_else(|| Error::Conflict(lang.batch_choose_action().to_owned()))?;
    batches::permitted(&signed_in, purpose)?;
    let now = state.clock.now();
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let (orders, cut) = if selected.all == "yes" {
        let filter: Vec<_> =
            form_urlencoded::parse(selected.filter.as_bytes()).into_owned().collect();
        list::all::matching(&mut conn, &signed_in, &filter, MOST_ROWS, now).await?
    } else {
        (ticked(&mut conn, &signed_in, &selected.order).await?, false)
    };
    let user_id = signed_in.user.operator.id;
    let mut rows = Vec::with_capacity(orders.len());
    for ((account, order_id), position) in orders.into_iter().zip(1..) {
        let order = Wanted::Order(order_id);
        rows.push(NewRow { position, account, order, input: Input::default() });
    }
    if purpose == Purpose::Promise(Task::Ship) {
        name_last_carriers(&mut conn, user_id, &mut rows).await?;
    }
    drop(conn);
    // Made of the ticks, so that a second click leads to the same batch, and other ticks to another.
    let user = user_id.to_string();
    let words = [user.as_str(), purpose.as_str(), &selected.form, &selected.all, &selected.filter];
    let id = id_of(words.into_iter().chain(selected.order.iter().map(String::as_str)));
    let (origin, retry_of) = (Origin::List, None);
    let draft = Draft { id, user_id, purpose, origin, retry_of, rows: &rows };
    let tx = state.scoped.begin(&signed_in.scope).await?;
    match make(tx, &draft, now).await {
        Ok(_new) => {
            let told = if cut { "?told=cut" } else { "" };
            Ok(Redirect::to(&format!("{}{told}", batches::href(id))).into_response())
        }
        Err(CreateError::Empty) => Err(Error::Conflict(lang.batch_nothing_selected().to_owned())),
        Err(CreateError::TooMany(_)) => Err(Error::TooLarge),
        Err(CreateError::Db(error)) => Err(error.into()),
    }
}

/// The ticked orders, each once, as far as they are the user's.
async fn ticked(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    ticks: &[String],
) -> Result<Vec<(AccountId, String)>> {
    let mut wanted: Vec<(AccountId, String)> = Vec::new();
    for tick in ticks {
        let Some((account, order)) = tick.split_once('/') else { continue };
        let own = signed_in.accounts.iter().find(|it| it.id.0 == account);
        let Some(account) = own.map(|it| it.id.clone()) else { continue };
        let tick = (account, order.to_owned());
        if !wanted.contains(&tick) && wanted.len() < MOST_ROWS {
            wanted.push(tick);
        }
    }
    let mut found = Vec::with_capacity(wanted.len());
    for account in &signed_in.accounts {
        let of_account = wanted.iter().filter(|(it, _)| *it == account.id);
        let ids: Vec<String> = of_account.map(|(_, id)| id.clone()).collect();
        found.extend(db::orders::many::that_exist(conn, &account.id, &ids).await?);
    }
    wanted.retain(|it| found.contains(it));
    Ok(wanted)
}

/// Names the carrier that the user named last in each account, which is mostly the one of today as well.
async fn name_last_carriers(
    conn: &mut PgConnection,
    user_id: i64,
    rows: &mut [NewRow],
) -> Result<()> {
    let mut accounts: Vec<AccountId> = rows.iter().map(|it| it.account.clone()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    for account in accounts {
        let kind = ActionKind::Ship;
        let last = db::promises::recent_actions(&mut *conn, &account, user_id, kind).await?;
        let Some(Action::Ship(ship)) = last.into_iter().next() else { continue };
        let Some(parcel) = ship.parcels.into_iter().next() else { continue };
        for row in rows.iter_mut().filter(|it| it.account == account) {
            row.input.carrier.clone_from(&parcel.carrier);
        }
    }
    Ok(())
}
