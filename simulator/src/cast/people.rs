//! Customers: who they are and where they live.

use crate::cast::Person;
use crate::cast::Place;

const fn p(
    country: &'static str,
    civility: Option<&'static str>,
    first: &'static str,
    last: &'static str,
) -> Person {
    Person { civility, first, last, country }
}

pub(crate) static PEOPLE: [Person; 38] = [
    p("FR", Some("Mme"), "Éloïse", "Lefèvre-Montaigne"),
    p("FR", Some("M"), "Jean-François", "Désormeaux"),
    p("FR", Some("Mme"), "Anne-Sophie", "de La Rochefoucauld d’Estissac"),
    p("FR", None, "Yaël", "Ben Chétrit"),
    p("FR", Some("M"), "Loïc", "Le Goff"),
    p("FR", Some("Mme"), "Maëlys", "Nguyễn"),
    p("FR", Some("M"), "Gaël", "O’Connor"),
    p("FR", Some("Mme"), "Fatoumata", "Diarrassouba"),
    p("FR", Some("M"), "Théo", "Muñoz"),
    p("FR", None, "Zoé", "Faÿ"),
    p("FR", Some("M"), "Noël", "Lecœur"),
    p("FR", Some("Mme"), "Françoise", "Guérin"),
    p("FR", Some("M"), "Mehdi", "Benali"),
    p("FR", Some("Mme"), "Clémence", "Roux"),
    p("FR", Some("M"), "Étienne", "Ça-Va-Sans-Dire"),
    p("FR", Some("Mme"), "Léa", "Martin"),
    p("BE", Some("M"), "Maarten", "Van den Broucke-Vandenbroucke"),
    p("BE", Some("Mme"), "Amélie", "Dehaene"),
    p("BE", None, "Wouter", "D’Hondt"),
    p("LU", Some("Mme"), "Joëlle", "Kieffer"),
    p("ES", Some("M"), "José María", "Fernández de Córdoba y Figueroa"),
    p("ES", Some("Mme"), "Begoña", "Ibáñez Nuñez"),
    p("ES", None, "Íñigo", "Etxeberria"),
    p("ES", Some("Mme"), "Núria", "Puigdomènech i Balcells"),
    p("ES", Some("M"), "Ángel", "García"),
    p("PT", Some("M"), "João", "Conceição Gonçalves"),
    p("PT", Some("Mme"), "Inês", "Magalhães"),
    p("DE", Some("M"), "Jürgen", "Groß"),
    p("DE", Some("Mme"), "Käthe", "Müller-Lüdenscheidt"),
    p("DE", None, "Björn", "Weiß"),
    p("PL", Some("M"), "Łukasz", "Wójcik"),
    p("PL", Some("Mme"), "Małgorzata", "Brzęczyszczykiewicz"),
    p("PL", Some("M"), "Grzegorz", "Śliwiński"),
    p("PL", None, "Zofia", "Żółkiewska-Dąbrowska"),
    p("FR", Some("M"), "Baptiste", "Fontaine"),
    p("FR", Some("Mme"), "Océane", "Barthélémy"),
    p("FR", Some("M"), "Aurélien", "Sauvêtre"),
    p("FR", Some("Mme"), "Inès", "Haddad"),
];

const fn at(
    country: &'static str,
    street: &'static str,
    extra: Option<&'static str>,
    postal_code: &'static str,
    city: &'static str,
    region: Option<&'static str>,
    phone: &'static str,
) -> Place {
    Place { country, street, extra, postal_code, city, region, phone }
}

pub(crate) static PLACES: [Place; 27] = [
    at("FR", "rue de l’Abbé-Grégoire", Some("Bât. B, 3e étage"), "75006", "Paris", None, "+336"),
    at("FR", "avenue Félix-Faure", None, "69003", "Lyon", None, "06"),
    at("FR", "impasse des Églantiers", None, "33170", "Gradignan", None, "+337"),
    at("FR", "cours de la Marne", Some("Résidence Les Chênes"), "33800", "Bordeaux", None, "06"),
    at("FR", "rue du Faubourg-d’Arras", None, "59000", "Lille", None, "+336"),
    at("FR", "chemin de la Croix-Rousse", None, "38000", "Grenoble", None, "07"),
    at("FR", "quai Saint-Étienne", Some("Interphone 42"), "67000", "Strasbourg", None, "+336"),
    at("FR", "lieu-dit Kerguélen", None, "29900", "Concarneau", None, "02"),
    at("FR", "rue Général-de-Gaulle", None, "97400", "Saint-Denis", Some("La Réunion"), "+262692"),
    at("FR", "boulevard Paoli", None, "20200", "Bastia", Some("Corse"), "06"),
    at("FR", "place de l’Hôtel-de-Ville", None, "10000", "Troyes", None, "+336"),
    at("FR", "allée des Tilleuls", None, "01630", "Saint-Genis-Pouilly", None, "+336"),
    at("FR", "rue Émile-Zola", None, "44400", "Rezé", None, "06"),
    at("BE", "Sint-Jacobsnieuwstraat", Some("bus 12"), "9000", "Gent", None, "+32470"),
    at("BE", "rue de la Régence", None, "4000", "Liège", None, "+32471"),
    at("LU", "route d’Esch", None, "1470", "Luxembourg", None, "+352621"),
    at(
        "ES",
        "calle de Núñez de Balboa",
        Some("4.º izda."),
        "28001",
        "Madrid",
        Some("Madrid"),
        "+346",
    ),
    at("ES", "carrer de Provença", None, "08037", "Barcelona", Some("Catalunya"), "+346"),
    at("ES", "avenida de la Constitución", None, "41004", "Sevilla", Some("Andalucía"), "6"),
    at(
        "ES",
        "Gran Vía de Don Diego López de Haro",
        None,
        "48011",
        "Bilbao",
        Some("Bizkaia"),
        "+34",
    ),
    at("PT", "Rua de São Bento", Some("2.º Dto."), "1200-821", "Lisboa", None, "+3519"),
    at("PT", "Avenida da Boavista", None, "4100-130", "Porto", None, "+3519"),
    at("DE", "Königsallee", None, "40212", "Düsseldorf", Some("NRW"), "+49151"),
    at("DE", "Große Bleichen", Some("c/o Groß"), "20354", "Hamburg", None, "+49152"),
    at("PL", "ul. Świętokrzyska", Some("m. 7"), "00-116", "Warszawa", None, "+48"),
    at("PL", "ul. Łódzka", None, "90-001", "Łódź", None, "+48"),
    at("PL", "aleja Niepodległości", None, "61-714", "Poznań", None, "+48"),
];

/// Name and VAT number of business customers.
pub(crate) static COMPANIES: [(&str, &str); 7] = [
    ("Menuiserie Côté Bois SARL", "FR40303265045"),
    ("Établissements Frères Lefèvre & Associés – Matériel de Restauration", "FR83404833048"),
    ("École maternelle Jacques-Prévert", "FR23334175221"),
    ("Garage de l’Étoile", "FR64552081317"),
    ("Boulangerie-Pâtisserie Ô Délices", "FR55908112403"),
    ("Studio Ñandú, S. L.", "ESB58378431"),
    ("Zakład Stolarski Żuraw Sp. z o.o.", "PL5213017228"),
];

/// Id and name of pickup points.
pub(crate) static PICKUPS: [(&str, &str); 4] = [
    ("FR-024817", "Tabac de l’Église"),
    ("FR-118822", "Épicerie Chez Zaïa"),
    ("FR-090331", "Pressing du Marché"),
    ("ES-44120", "Papelería La Ñ"),
];
