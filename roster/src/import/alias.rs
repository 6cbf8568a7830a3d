//! What columns are called in files that people bring: our own names, other languages, other
//! products' user exports. All in the form of [`normalize`].

use unicode_normalization::UnicodeNormalization;

use crate::fields::Field;

/// What a heading stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Field(Field),
    FirstName,
    LastName,
}

/// How much a heading says: a weak one counts only where nothing stronger names the field, since
/// exports often have both (`Name` and `Display name`, `mail` and `userPrincipalName`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Claim {
    Strong,
    Weak,
}

/// Names are parted by blanks: no name has one in normal form.
type Entry = (Meaning, Claim, &'static str);

pub(super) const TABLE: &[Entry] = &[
    (
        Meaning::Field(Field::Name),
        Claim::Strong,
        "name fullname technicianname technician vollständigername vollername \
         vorundnachname nomcomplet nometprénom nombrecompleto nombreyapellidos 氏名 姓名 名前 \
         お名前 フルネーム",
    ),
    (
        Meaning::Field(Field::Name),
        Claim::Weak,
        "displayname anzeigename nomd'affichage nomd’affichage nomaffiché \
         nombreparamostrar nombre nom 表示名",
    ),
    (
        Meaning::FirstName,
        Claim::Strong,
        "firstname givenname forename vorname rufname prénom prenom nombredepila \
         primernombre nombre 名",
    ),
    (
        Meaning::LastName,
        Claim::Strong,
        "lastname surname familyname sn nachname familienname zuname nomdefamille nom \
         apellido apellidos 姓 苗字 名字",
    ),
    (
        Meaning::Field(Field::Nickname),
        Claim::Strong,
        "nickname nick alias knownas preferredname spitzname kurzname surnom pseudo \
         pseudonyme apodo sobrenombre ニックネーム 愛称 通称",
    ),
    (
        Meaning::Field(Field::Email),
        Claim::Strong,
        "email emailaddress emailid mail mailaddress primaryemail primaryemailaddress \
         useremail workemail technicianemail loginemail emailadresse mailadresse \
         courriel adressecourriel adresseemail adressemail adressedemessagerie \
         adresseélectronique correo correoelectrónico correoelectronico \
         direccióndecorreo direccióndecorreoelectrónico direcciondecorreoelectronico \
         メール メールアドレス eメール 電子メール 電子メールアドレス",
    ),
    (Meaning::Field(Field::Email), Claim::Weak, "userprincipalname upn benutzerprinzipalname"),
    (
        Meaning::Field(Field::Password),
        Claim::Strong,
        "password pwd passwd initialpassword temporarypassword newpassword passwort \
         kennwort anfangskennwort motdepasse contraseña contrasena clave パスワード 初期パスワード",
    ),
    (
        Meaning::Field(Field::SsoId),
        Claim::Strong,
        "singlesignonid singlesignon ssoid sso ssouserid ssoname nameid samlid \
         samlnameid federationid federatedid einmalanmeldungid einmaligeanmeldungsid \
         idsso identifiantsso idauthentificationunique identificadorsso \
         iddeiniciodesesiónúnico シングルサインオンid シングルサインオン",
    ),
    (Meaning::Field(Field::SsoId), Claim::Weak, "externalid externeid idexterne idexterno"),
    (
        Meaning::Field(Field::Description),
        Claim::Strong,
        "description desc note notes comment comments remark remarks beschreibung \
         bemerkung bemerkungen kommentar notiz notizen commentaire commentaires \
         remarque remarques descripción descripcion comentario comentarios notas 説明 備考 \
         コメント メモ",
    ),
    (
        Meaning::Field(Field::Enabled),
        Claim::Strong,
        "enabled isenabled active isactive accountenabled aktiviert aktiv \
         kontoaktiviert activé actif compteactivé activo activado habilitado 有効 有効化 \
         アクティブ",
    ),
    (
        Meaning::Field(Field::Enabled),
        Claim::Weak,
        "status accountstatus userstatus kontostatus statut estado ステータス 状態",
    ),
    (
        Meaning::Field(Field::StandardLicense),
        Claim::Strong,
        "standardlicense standardlicence standardseat standardlizenz licencestandard \
         licenciaestándar licenciaestandar 標準ライセンス スタンダードライセンス",
    ),
    (
        Meaning::Field(Field::StandardLicense),
        Claim::Weak,
        "license licence lizenz licencia ライセンス",
    ),
    (
        Meaning::Field(Field::MobileLicense),
        Claim::Strong,
        "mobilelicense mobilelicence mobileseat mobileaddon mobillizenz mobilelizenz \
         licencemobile licenciamóvil licenciamovil モバイルライセンス",
    ),
    (
        Meaning::Field(Field::Group),
        Claim::Strong,
        "techniciangroupid techgroupid groupid parentgroupid technicianparentgroupid \
         gruppenid technikergruppenid technikergruppeid idgroupe idgroupetechniciens \
         idgroupedetechniciens iddugroupe iddegrupo idgrupo iddelgrupo \
         iddegrupodetécnicos グループid 技術者グループid テクニシャングループid",
    ),
    (
        Meaning::Field(Field::Group),
        Claim::Weak,
        "techniciangroup techgroup group gruppe technikergruppe groupe grupo グループ",
    ),
];

/// The heading without regard to case, blanks, hyphens and underscores, nor to half and full
/// width.
pub(super) fn normalize(heading: &str) -> String {
    heading
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !is_ignored(*c))
        .collect::<String>()
        .nfc()
        .collect()
}

fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '_' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{feff}')
}

/// As `normalize`, without what templates add to a heading: `Email Address [Required]`, `Name *`.
pub(super) fn without_remarks(heading: &str) -> String {
    let end = heading.find(['[', '(', '（']).filter(|at| *at > 0).unwrap_or(heading.len());
    normalize(heading[..end].trim_matches(|c: char| c.is_whitespace() || "*:?!".contains(c)))
}

/// The name that a template puts in brackets behind what people read: `User name
/// [userPrincipalName] Required`.
pub(super) fn in_brackets(heading: &str) -> Option<String> {
    let (_, name) = heading.split_once('[')?;
    Some(normalize(name.split_once(']')?.0))
}

/// What the normalized heading may stand for; of two entries the first is the likelier.
pub(super) fn meanings(normalized: &str) -> impl Iterator<Item = (Meaning, Claim)> {
    TABLE
        .iter()
        .filter(move |(_, _, names)| names.split_whitespace().any(|name| name == normalized))
        .map(|(meaning, claim, _)| (*meaning, *claim))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_normal_form() {
        for (_, _, names) in TABLE {
            for name in names.split_whitespace() {
                assert_eq!(normalize(name), name);
            }
        }
        for field in Field::ALL {
            for name in [field.header(), field.key()] {
                let first = meanings(&normalize(name)).next();
                assert_eq!(first, Some((Meaning::Field(field), Claim::Strong)), "{name}");
            }
        }
    }

    #[test]
    fn headings() {
        let check = |heading: &str, expected: &str| assert_eq!(without_remarks(heading), expected);
        check("E-Mail_Adresse", "emailadresse");
        check("Email Address [Required]", "emailaddress");
        check("Name *", "name");
        check("ＥＭＡＩＬ", "email");
        check("(x)", "(x)");
        let name = in_brackets("User name [userPrincipalName] Required");
        assert_eq!(name.as_deref(), Some("userprincipalname"));
        assert_eq!(normalize("ＳＳＯ ID"), "ssoid");
    }
}
