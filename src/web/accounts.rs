//! The seller accounts: which there are, how they are set up, and whether the marketplace takes what was typed.
//! For admins.

pub(super) mod channels;
mod entry;
mod judge;
mod page;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use secrecy::SecretString;

use crate::db;
use crate::db::accounts::Setting;
use crate::domain::order::AccountId;
use crate::live::Candidate;
use crate::live::Tested;
use crate::web::AppState;
use crate::web::accounts::entry::Entry;
use crate::web::accounts::entry::Step;
use crate::web::accounts::judge::Judged;
use crate::web::accounts::page::FormPage;
use crate::web::accounts::page::ListPage;
use crate::web::accounts::page::TestPage;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::html;
use crate::web::session::SignedIn;
use crate::web::sign_in::confirm::Asked;
use crate::workflow::accounts as setting_up;
use crate::workflow::accounts::AccountError;
use crate::workflow::accounts::Before;
use crate::workflow::accounts::Draft;

/// `GET /settings/accounts`
pub async fn list(State(state): State<AppState>, signed_in: SignedIn) -> Result<Html<String>> {
    check(&signed_in)?;
    let settings = db::accounts::settings(&state.pool, None).await?;
    let states = db::sync_states::all(&state.pool).await?;
    html(&ListPage::new(&state, &signed_in, settings, &states))
}

/// `GET /settings/accounts/new`
pub async fn new(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
) -> Result<Html<String>> {
    check(&signed_in)?;
    // Before a secret is typed, which is not carried along.
    asked.recent(&signed_in, &state)?;
    html(&FormPage::new(&state, &signed_in, None, &Entry::empty(), FormErrors::default()))
}

/// `POST /settings/accounts/new`
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Form(entry): Form<Entry>,
) -> Result<Response> {
    check(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    submit(&state, &signed_in, None, entry).await
}

/// `GET /settings/accounts/{account}`
pub async fn edit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(account): Path<String>,
) -> Result<Html<String>> {
    check(&signed_in)?;
    let setting = find(&state, account).await?;
    if !setting.in_file {
        asked.recent(&signed_in, &state)?;
    }
    let entry = Entry::of(&setting);
    let page = FormPage::new(&state, &signed_in, Some(&setting), &entry, FormErrors::default());
    let channels = db::reference::known(&state.pool, &setting.account.id).await?;
    html(&page.with_channels(&setting.account.id, channels))
}

/// `POST /settings/accounts/{account}`
pub async fn change(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(account): Path<String>,
    Form(entry): Form<Entry>,
) -> Result<Response> {
    check(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let setting = find(&state, account).await?;
    submit(&state, &signed_in, Some(setting), entry).await
}

/// `POST /settings/accounts/{account}/test`: tries the account as it is. Nothing changes by it, so that the
/// answer is the page.
pub async fn test(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(account): Path<String>,
) -> Result<Html<String>> {
    check(&signed_in)?;
    let setting = find(&state, account).await?;
    let account = &setting.account.id;
    let tested = state.live.test_current(account).await;
    if let Some(answers) = &tested {
        note_test(&state, &signed_in, Some(account), answers).await?;
    }
    html(&TestPage::new(&state, &signed_in, &setting.account.name, tested.as_ref()))
}

/// `POST /settings/accounts/{account}/pause`
pub async fn pause(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(account): Path<String>,
) -> Result<Redirect> {
    check(&signed_in)?;
    let (account, now) = (find(&state, account).await?.account.id, state.clock.now());
    let operator = &signed_in.user.operator;
    let done = setting_up::pause_reading(&state.pool, &account, operator, now).await;
    done.map_err(|error| refused(&signed_in, error))?;
    Ok(Redirect::to("/settings/accounts"))
}

/// `POST /settings/accounts/{account}/resume`
pub async fn resume(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(account): Path<String>,
) -> Result<Redirect> {
    check(&signed_in)?;
    let (account, now) = (find(&state, account).await?.account.id, state.clock.now());
    let operator = &signed_in.user.operator;
    let done = setting_up::resume_reading(&state.pool, &account, operator, now).await;
    done.map_err(|error| refused(&signed_in, error))?;
    Ok(Redirect::to("/settings/accounts"))
}

fn check(signed_in: &SignedIn) -> Result<()> {
    if setting_up::may_set_up(signed_in.user.operator.role) {
        return Ok(());
    }
    Err(Error::Forbidden(signed_in.lang.accounts_role().to_owned()))
}

async fn find(state: &AppState, account: String) -> Result<Setting> {
    let found = db::accounts::settings(&state.pool, Some(&AccountId(account))).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Tries what was typed, and keeps it if the marketplace takes it, or if that was not asked for.
async fn submit(
    state: &AppState,
    signed_in: &SignedIn,
    setting: Option<Setting>,
    entry: Entry,
) -> Result<Response> {
    let lang = signed_in.lang;
    let form = |errors| FormPage::new(state, signed_in, setting.as_ref(), &entry, errors);
    let again =
        |page: FormPage| Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    if let Some(words) = form(FormErrors::default()).read_only() {
        return Err(Error::Conflict(words.to_owned()));
    }
    if entry.lost_secret() {
        return again(form(FormErrors::one("secret", lang.kept_secret())));
    }
    let judged = match judge::judge(lang, &entry, setting.as_ref(), state.live.reach()) {
        Ok(judged) => judged,
        Err(errors) => return again(form(errors)),
    };
    let Some(secret) = secret(state, setting.as_ref(), &judged) else {
        return again(form(FormErrors::one("secret", lang.accounts_secret_closed())));
    };
    let only_test = entry.step() == Step::Test;
    let mut tested = None;
    if only_test || (judged.touches_marketplace && !entry.untested()) {
        // Boxed, because four calls of the marketplace make a large future.
        let answers = Box::pin(state.live.test(candidate(&judged.draft, secret))).await;
        let account = setting.as_ref().map(|it| &it.account.id);
        note_test(state, signed_in, account, &answers).await?;
        if only_test {
            return Ok(html(&form(FormErrors::default()).with_test(&answers))?.into_response());
        }
        if !answers.iter().all(Tested::is_fine) {
            let errors = FormErrors::one("untested", lang.accounts_test_failed());
            return again(form(errors).with_test(&answers));
        }
        tested = Some(state.clock.now());
    }
    let mut draft = judged.draft;
    if judged.touches_marketplace {
        draft.tested_at = tested;
    }
    let (keys, now, operator) = (state.live.keys(), state.clock.now(), &signed_in.user.operator);
    match setting_up::save(&state.pool, keys, &draft, judged.before, operator, now).await {
        Ok(()) => Ok(Redirect::to("/settings/accounts").into_response()),
        Err(AccountError::Taken) => {
            again(form(FormErrors::one("account", lang.accounts_id_taken())))
        }
        Err(error) => Err(refused(signed_in, error)),
    }
}

/// Writes down that somebody tried a connection.
async fn note_test(
    state: &AppState,
    signed_in: &SignedIn,
    account: Option<&AccountId>,
    answers: &[Tested],
) -> Result<()> {
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let passed = answers.iter().all(Tested::is_fine);
    let noted = setting_up::tested(&state.pool, account, operator, passed, now).await;
    noted.map_err(|error| refused(signed_in, error))
}

/// The secret that was typed, else the one that is stored.
fn secret(state: &AppState, setting: Option<&Setting>, judged: &Judged) -> Option<SecretString> {
    if let Some(typed) = &judged.draft.secret {
        return Some(typed.clone());
    }
    let Setting { account, set_up, .. } = setting?;
    setting_up::open(state.live.keys()?, &account.id, &set_up.as_ref()?.credentials).ok()
}

fn candidate(draft: &Draft, client_secret: SecretString) -> Candidate {
    Candidate {
        seller_id: draft.account.seller_id.clone(),
        client_id: draft.client_id.clone(),
        client_secret,
        base_url: draft.base_url.clone(),
        token_url: draft.token_url.clone(),
    }
}

fn refused(signed_in: &SignedIn, error: AccountError) -> Error {
    let lang = signed_in.lang;
    match error {
        AccountError::NotAdmin => Error::Forbidden(lang.accounts_role().to_owned()),
        AccountError::NoKey => Error::Conflict(lang.accounts_no_key().to_owned()),
        AccountError::Unknown => Error::NotFound,
        AccountError::SetByFile => Error::Conflict(lang.accounts_set_by_file().to_owned()),
        AccountError::Taken | AccountError::Changed => {
            Error::Conflict(lang.accounts_changed_meanwhile().to_owned())
        }
        AccountError::SecretNeeded => Error::Conflict(lang.accounts_secret_closed().to_owned()),
        AccountError::Db(error) => error.into(),
    }
}

/// What the form knew, for the transaction to compare.
fn before(setting: Option<&Setting>, version: &str) -> Before {
    match setting.map(|it| it.set_up.is_some()) {
        None => Before::Nothing,
        Some(false) => Before::Unset,
        // What is no version of ours is the version of nothing.
        Some(true) => Before::Version(version.parse().unwrap_or_default()),
    }
}
