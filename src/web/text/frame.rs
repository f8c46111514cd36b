//! Texts of what is around every page, and of the sign-in page.

use crate::web::text::Lang;

texts! {
    skip_to_content { "Skip to main content" "Aller au contenu principal" }
    main_navigation { "Main" "Navigation principale" }
    orders { "Orders" "Commandes" }
    attention { "Attention" "À vérifier" }
    sync { "Sync" "Synchro" }
    find_an_order { "Find an order" "Trouver une commande" }
    find_placeholder { "Order, customer, SKU, tracking" "Commande, client, SKU, suivi" }
    find_what {
        "An order, reference, tracking number, SKU or GTIN in full, or words of a customer or product"
        "Une commande, une référence, un numéro de suivi, un SKU ou un GTIN en entier, ou des mots d’un client ou d’un produit"
    }
    synced { "Synced" "Synchro" }
    not_synced_yet { "Not synced yet" "Pas encore synchronisé" }
    user_menu { "Account menu:" "Menu du compte\u{a0}:" }
    sign_out { "Sign out" "Se déconnecter" }
    demo { "Demo" "Démo" }
    overdue { "overdue" "en retard" }
    to_decide { "to decide" "à décider" }
    stale(age) {
        "Data is {age} old. You can work; actions are checked again before sending."
        "Données vieilles de {age}. Vous pouvez travailler\u{a0}: chaque action est revérifiée avant l’envoi."
    }
    open_sync { "Open Sync" "Ouvrir Synchro" }
    there_is_a_problem { "There is a problem" "Un problème est survenu" }
    error_prefix { "Error:" "Erreur\u{a0}:" }
    pages { "Pages" "Pages" }
    no_answer {
        "The server did not answer. What you see may be out of date. Reload the page to see what happened."
        "Le serveur n’a pas répondu. L’affichage n’est peut-être plus à jour. Rechargez la page pour voir ce qui s’est passé."
    }
    not_sent {
        "Not sent yet: no connection. Your entry is kept; send it again."
        "Pas encore envoyé\u{a0}: pas de connexion. Votre saisie est conservée\u{a0}; renvoyez-la."
    }
    restored {
        "What you typed before the page was reloaded is back."
        "Votre saisie d’avant le rechargement de la page est de retour."
    }
    start_over { "Start over" "Recommencer" }

    session_over {
        "You were signed out. What you typed is still here: send it, sign in again, and it goes on from there."
        "Vous avez été déconnecté. Votre saisie est conservée : envoyez-la, reconnectez-vous, et elle reprend là où elle en était."
    }
    sign_in { "Sign in" "Se connecter" }
    email { "E-mail" "E-mail" }
    password { "Password" "Mot de passe" }
    sign_in_failed {
        "Check your e-mail and password"
        "Vérifiez votre e-mail et votre mot de passe"
    }
    no_account {
        "No account yet, or password forgotten? Ask your administrator."
        "Pas encore de compte, ou mot de passe oublié\u{a0}? Adressez-vous à votre administrateur."
    }
}

impl Lang {
    /// What the warning says when some accounts cannot be read.
    pub fn failing_accounts(self, accounts: i64) -> String {
        match (self, accounts) {
            (Self::En, 1) => "One account cannot be read from the marketplace.".to_owned(),
            (Self::En, _) => format!("{accounts} accounts cannot be read from the marketplace."),
            (Self::Fr, 1) => "Un compte ne peut pas être lu sur la place de marché.".to_owned(),
            (Self::Fr, _) => {
                format!("{accounts} comptes ne peuvent pas être lus sur la place de marché.")
            }
        }
    }
}
