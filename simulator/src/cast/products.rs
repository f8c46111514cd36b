//! What the two shops sell.

use crate::cast::Product;

const TRACKED: &str = "TrackedHomeDelivery";
const SIGNED: &str = "SignedHomeDelivery";
const EXPRESS: &str = "ExpressHomeDelivery";
const BIG: &str = "FixedDateHomeDelivery";
const PLAIN: &str = "NotTrackedHomeDelivery";

const fn sold(
    title: &'static str,
    sku: &'static str,
    gtin: Option<&'static str>,
    price: i64,
    commission: i64,
    delivery: &'static str,
) -> Product {
    Product { title, sku, gtin, price, commission, vat: "20", delivery, condition: "New" }
}

const fn reduced(product: Product, vat: &'static str) -> Product {
    Product { vat, ..product }
}

const fn used(product: Product) -> Product {
    Product { condition: "Refurbished", ..product }
}

pub(crate) static PRODUCTS: [Product; 34] = [
    sold(
        "Fauteuil à bascule en hêtre massif, assise tressée – coloris crème brûlée",
        "FAU-HETRE-CRB",
        Some("3760123450017"),
        18_990,
        1500,
        BIG,
    ),
    sold(
        "Lampe de chevet « Étoile filante », verre soufflé",
        "LMP-ETOILE-02",
        Some("3760123450024"),
        4_590,
        1700,
        TRACKED,
    ),
    sold(
        "Théière en fonte 1,2 L avec filtre",
        "THE-FON-12",
        Some("3760123450031"),
        3_299,
        1500,
        TRACKED,
    ),
    reduced(
        sold(
            "Coffret dégustation de thés Darjeeling – 24 sachets",
            "THE-DARJ-24",
            Some("3760123450048"),
            1_490,
            1200,
            PLAIN,
        ),
        "5.5",
    ),
    sold(
        "Housse de couette 240×220 cm en percale de coton, motif forêt d’automne, 2 taies d’oreiller assorties",
        "HSC-240-FORET",
        Some("3760123450055"),
        6_999,
        1700,
        TRACKED,
    ),
    sold(
        "Bibliothèque modulable 5 étagères chêne/noir, montage sans outil",
        "BIB-5-CHN",
        Some("3760123450062"),
        12_900,
        1500,
        BIG,
    ),
    sold(
        "Perceuse-visseuse sans fil 18 V + 2 batteries 4,0 Ah",
        "PVS-18V-2B",
        Some("4006825650013"),
        11_949,
        1000,
        SIGNED,
    ),
    sold("Câble USB-C tressé 2 m", "CBL-USBC-2M", None, 799, 1500, PLAIN),
    sold(
        "Écouteurs sans fil à réduction de bruit – noir",
        "ECO-ANC-NR",
        Some("6932391912345"),
        5_990,
        800,
        TRACKED,
    ),
    used(sold(
        "Smartphone reconditionné 128 Go – très bon état",
        "SMP-128-TBE",
        Some("0194252707289"),
        31_900,
        600,
        SIGNED,
    )),
    sold(
        "Machine à café expresso broyeur intégré, 15 bars, mousseur à lait",
        "CAF-BRY-15",
        Some("8004399331112"),
        42_999,
        800,
        SIGNED,
    ),
    sold(
        "Poussette canne ultra-légère, habillage pluie offert",
        "PST-CANNE-UL",
        Some("3220660301232"),
        8_990,
        1500,
        TRACKED,
    ),
    sold(
        "Jeu de société « La Forêt Enchantée »",
        "JEU-FORET",
        Some("3558380012345"),
        2_490,
        1500,
        TRACKED,
    ),
    reduced(
        sold(
            "Livre : Petite histoire du goût français",
            "LIV-GOUT-FR",
            Some("9782070123452"),
            1_950,
            1500,
            PLAIN,
        ),
        "5.5",
    ),
    sold(
        "Tondeuse à gazon électrique 1600 W, coupe 37 cm",
        "TND-1600-37",
        Some("4003718068123"),
        15_490,
        1200,
        BIG,
    ),
    sold("Gants de jardinage taille M (lot de 3)", "GNT-JAR-M3", None, 1_290, 1700, PLAIN),
    sold(
        "Valise cabine 55×40×20 cm, serrure TSA, vert sapin",
        "VAL-CAB-VSP",
        Some("3614590123459"),
        7_490,
        1700,
        TRACKED,
    ),
    sold(
        "Montre connectée étanche, GPS, autonomie 14 jours",
        "MTR-GPS-14",
        Some("6970100371234"),
        14_990,
        900,
        EXPRESS,
    ),
    sold(
        "Matelas mémoire de forme 160×200 cm, épaisseur 24 cm, garantie 10 ans",
        "MAT-160-MF24",
        Some("3760123450154"),
        39_900,
        1500,
        BIG,
    ),
    sold(
        "Crème hydratante à l’aloé véra 200 ml",
        "CRM-ALOE-200",
        Some("3401345678901"),
        1_090,
        1500,
        PLAIN,
    ),
    sold("Ballon de football taille 5", "BAL-FOOT-5", Some("3608439012340"), 1_999, 1500, TRACKED),
    sold(
        "Vélo pliant 20 pouces, 7 vitesses, béquille et porte-bagages",
        "VEL-PL20-7V",
        Some("3700592345678"),
        27_900,
        1200,
        BIG,
    ),
    sold(
        "Batería de cocina 10 piezas de acero inoxidable, apta para inducción",
        "BAT-COC-10",
        Some("8410119012344"),
        8_995,
        1300,
        TRACKED,
    ),
    sold(
        "Silla de oficina ergonómica con reposacabezas – edición señorío",
        "SIL-ERG-SN",
        Some("8434567012349"),
        13_999,
        1300,
        BIG,
    ),
    sold(
        "Ekspres do kawy przelewowy z młynkiem żarnowym",
        "EKS-MLY-PL",
        Some("5901234123457"),
        54_900,
        1000,
        TRACKED,
    ),
    sold(
        "Kołdra całoroczna 200×220 cm, puch gęsi",
        "KOL-200-PUCH",
        Some("5900000123454"),
        39_999,
        1200,
        TRACKED,
    ),
    sold(
        "Guirlande solaire 20 m, 200 LED, 8 modes",
        "GRL-SOL-200",
        Some("6950123456782"),
        1_899,
        1700,
        PLAIN,
    ),
    sold(
        "Aspirateur balai sans fil 2-en-1, filtre HEPA, brosse parquet",
        "ASP-BAL-HEPA",
        Some("6977123456789"),
        17_999,
        800,
        SIGNED,
    ),
    sold(
        "Arbre à chat 150 cm, griffoirs en sisal naturel",
        "ARB-CHAT-150",
        Some("4260182876541"),
        6_290,
        1500,
        BIG,
    ),
    reduced(
        sold(
            "Croquettes sans céréales pour chien adulte, saumon, 12 kg",
            "CRQ-SAU-12",
            Some("3182551234567"),
            5_450,
            1000,
            TRACKED,
        ),
        "20",
    ),
    sold(
        "Rideau occultant œillets 140×260 cm, bleu pétrole (lot de 2)",
        "RID-OCC-BP2",
        None,
        4_499,
        1700,
        TRACKED,
    ),
    sold(
        "Clavier mécanique AZERTY rétroéclairé, interrupteurs rouges",
        "CLV-AZ-RG",
        Some("4710562741234"),
        8_490,
        900,
        TRACKED,
    ),
    sold(
        "Kit de 12 pinceaux d’aquarelle en poils de martre",
        "PIN-AQU-12",
        Some("4004182712343"),
        3_650,
        1500,
        TRACKED,
    ),
    sold(
        "Vis à bois 4×40 mm, boîte de 500 (\"spécial extérieur\" <inox A2>)",
        "VIS-440-500",
        Some("3167450123456"),
        2_275,
        1200,
        PLAIN,
    ),
];
