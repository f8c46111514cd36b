//! No form takes a field that it does not have: whoever sends one did not fill in ours. `tests/architecture.rs`
//! sees to it that this holds for forms to come; those of orders are tested with each order form.

use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::support::PASSWORD;
use crate::support::TestApp;

const ADDRESS: &str = "http://127.0.0.1:9/";

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_field_that_a_form_does_not_have_is_refused_in_words(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Admin).await;
    let account = [
        ("account", "quai"),
        ("name", "Quai 2"),
        ("client_id", "c"),
        ("client_secret", "s"),
        ("base_url", ADDRESS),
        ("token_url", ADDRESS),
    ];
    let decide = format!("/promises/{}/decide", uuid::Uuid::nil());
    let forms: [(&str, &[(&str, &str)]); 12] = [
        ("/sign-in", &[("email", "ana@comptoir.test"), ("password", PASSWORD)]),
        ("/sign-in/code", &[("code", "123456")]),
        ("/settings/profile/password", &[("present_password", PASSWORD), ("new_password", "x")]),
        ("/settings/profile/second-factor/start", &[("password", PASSWORD)]),
        ("/settings/profile/second-factor", &[("code", "123456")]),
        ("/settings/profile/second-factor/codes", &[("code", "123456")]),
        ("/settings/profile/second-factor/remove", &[("code", "123456")]),
        ("/settings/users/invite", &[("email", "lea@comptoir.test"), ("role", "viewer")]),
        ("/settings/accounts/new", &account),
        ("/invitations/none", &[("name", "Lea"), ("password", PASSWORD)]),
        ("/sync/retry", &[("account", "maison"), ("trouble", "unreachable")]),
        (&decide, &[("done", "yes")]),
    ];
    for (path, fields) in forms {
        for strange in ["is_admin", "role[]", "submission ", "\u{1f4a5}"] {
            let fields = [fields, &[(strange, "1")]].concat();
            let page = browser.post(path, &fields).await;
            assert_eq!(page.status, 400, "{path} with {strange}");
            assert!(page.title().ends_with(" · Comptoir"), "{path}: {}", page.title());
            assert!(page.main_text().contains(page.header("x-request-id")), "{path}");
        }
        let page = browser.post(path, fields).await;
        assert_ne!(page.status, 400, "{path}: {}", page.main_text());
    }
}
