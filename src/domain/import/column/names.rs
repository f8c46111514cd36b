//! What programs call columns, without capitals, spaces, accents and signs.

use crate::domain::import::column::Field;

/// Names that mean it: the first ones rather than the later ones, if a file has several.
pub const fn of(field: Field) -> &'static str {
    match field {
        Field::Order => {
            "ndecommande nodecommande nocommande ncommande numerodecommande numcommande numerocommande
             numdecommande numerocde numcde ncde idcommande identifiantcommande identifiantdelacommande
             ordernumber orderno ordernr ordernum orderid marketplaceorderid marketplaceordernumber commande
             order cde referencecommande referencedecommande referencedelacommande refcommande refdecommande
             refcde orderreference orderref numerodecommandeclient commandeclient customerorder
             customerordernumber ponumber referenceexpediteur refexpediteur referenceclient refclient
             senderreference shipperreference customerreference clientreference reference ref"
        }
        Field::Carrier => {
            "transporteur nomdutransporteur nomtransporteur carrier carriername shippingcarrier carriercode
             codetransporteur shippingcompany courier couriername livreur prestataire expressiste shipper
             shippingmethod"
        }
        Field::Number => {
            "ndesuivi nodesuivi nosuivi nsuivi numerodesuivi numerosuivi numsuivi numdesuivi codedesuivi
             codesuivi referencedesuivi refsuivi suivi trackingnumber trackingno trackingnr trackingnum
             trackingid trackingcode trackingreference tracking ndecolis nocolis ncolis numerodecolis
             numerocolis numcolis identifiantcolis idcolis parcelnumber parcelno parcelid packagenumber colis
             parcel numerodenvoi ndenvoi nenvoi numerodexpedition ndexpedition shipmentnumber shipmentid
             shipmentno consignmentnumber consignment awb awbnumber waybill waybillnumber
             numerodebordereau bordereau codebarre codebarres codeabarres barcode"
        }
        Field::Link => {
            "liendesuivi liensuivi urldesuivi urlsuivi trackingurl trackinglink trackinguri urltracking
             adressedesuivi lien url link"
        }
    }
}

/// How a word begins in a name that is none of the above and means it all the same.
pub const fn hints(field: Field) -> &'static str {
    match field {
        Field::Order => "commande order",
        Field::Carrier => "transporteur carrier",
        Field::Number => "suivi tracking colis",
        Field::Link => "lien url link",
    }
}

/// How a word begins in a name that is about an order or a parcel, and not its number.
pub const NOT_A_NUMBER: &str = "date statut status etat montant amount total prix price poids weight nombre count \
     quantite quantity ligne line type email mail telephone phone heure time lien url link commentaire comment";
