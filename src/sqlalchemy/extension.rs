//! Types of other packages, as they render on PostgreSQL.

use super::builtin::{Number, extension, number, plain, text, with};
use super::library::text_of;
use crate::python::interpret::{Arguments, Value};
use crate::schema::Type;

/// What a type of another package comes down to.
pub(super) enum Foreign<'a> {
    Type(Type),
    /// The same as another type of SQLAlchemy's.
    Like(Value<'a>),
}

/// The type of a class that lies outside of SQLAlchemy and of the project.
pub(super) fn foreign<'a>(path: &str, arguments: &Arguments<'a>) -> Option<Foreign<'a>> {
    let (root, class) = (path.split('.').next()?, path.rsplit('.').next()?);
    let length = |otherwise: i32| match number(arguments, 0, "length") {
        Number::None => with("character varying", vec![otherwise]),
        length => text("character varying", length),
    };
    let modified = |name: &str| match number(arguments, 0, "dim") {
        Number::None => extension(name, None),
        Number::Known(size) => extension(name, Some(size.to_string())),
        Number::Unknown => Type::Unknown,
    };
    Some(Foreign::Type(match (root, class) {
        ("sqlmodel", "AutoString") => text("character varying", number(arguments, 0, "length")),
        ("sqlmodel", "GUID") | ("fastapi_users_db_sqlalchemy" | "fastapi_utils" | "advanced_alchemy", "GUID") => {
            plain("uuid")
        }
        ("fastapi_users_db_sqlalchemy", "TIMESTAMPAware") => plain("timestamp with time zone"),
        ("fastapi_users", "GUID") => plain("uuid"),
        ("advanced_alchemy", "DateTimeUTC") => plain("timestamp with time zone"),
        ("advanced_alchemy", "BigIntIdentity") => plain("bigint"),
        ("advanced_alchemy", "JsonB") => plain("jsonb"),
        ("sqlalchemy_utc", "UtcDateTime") => plain("timestamp with time zone"),
        ("pgvector", "Vector" | "VECTOR") => modified("vector"),
        ("pgvector", "HALFVEC" | "SPARSEVEC") => modified(&class.to_ascii_lowercase()),
        ("geoalchemy2", "Geometry" | "Geography") => geometry(class, arguments),
        ("geoalchemy2", "Raster") => extension("raster", None),
        ("citext", "CIText") | ("sqlalchemy_citext", "CIText") => extension("citext", None),
        ("sqlalchemy_utils" | "sqlalchemy_utils_types", _) => return utils(class, arguments, &length),
        ("sqlalchemy_json", "MutableJson" | "NestedMutableJson") => plain("json"),
        _ => return None,
    }))
}

fn geometry(class: &str, arguments: &Arguments<'_>) -> Type {
    let kind = match arguments.get(0, "geometry_type") {
        None => Some("GEOMETRY".to_owned()),
        Some(Value::None) => return extension(&class.to_ascii_lowercase(), None),
        Some(value) => text_of(&value),
    };
    let srid = match arguments.get(1, "srid") {
        None => Some(-1),
        Some(Value::Int(srid)) => Some(srid),
        Some(_) => None,
    };
    match (kind, srid) {
        (Some(kind), Some(srid)) => extension(&class.to_ascii_lowercase(), Some(format!("{kind},{srid}"))),
        _ => extension(&class.to_ascii_lowercase(), None),
    }
}

fn utils<'a>(class: &str, arguments: &Arguments<'a>, length: &dyn Fn(i32) -> Type) -> Option<Foreign<'a>> {
    let flag = |position: usize, name: &str, otherwise: bool| match arguments.get(position, name) {
        None => Some(otherwise),
        Some(value) => value.truth(),
    };
    Some(Foreign::Type(match class {
        "UUIDType" => match (flag(0, "binary", true), flag(1, "native", true)) {
            (_, Some(true)) => plain("uuid"),
            (Some(false), Some(false)) => with("character", vec![32]),
            _ => Type::Unknown,
        },
        "ChoiceType" => match arguments.get(1, "impl") {
            None | Some(Value::None) => with("character varying", vec![255]),
            Some(inner) => return Some(Foreign::Like(inner)),
        },
        "EmailType" => length(255),
        "URLType" | "ScalarListType" => plain("text"),
        "TimezoneType" => with("character varying", vec![50]),
        "LocaleType" => with("character varying", vec![10]),
        "IPAddressType" => match number(arguments, 0, "max_length") {
            Number::None => with("character varying", vec![50]),
            length => text("character varying", length),
        },
        "ArrowType" | "EnrichedDateTimeType" => match number(arguments, usize::MAX, "timezone") {
            Number::None => plain("timestamp without time zone"),
            _ => match arguments.keyword("timezone").and_then(|value| value.truth()) {
                Some(true) => plain("timestamp with time zone"),
                Some(false) => plain("timestamp without time zone"),
                None => Type::Unknown,
            },
        },
        "EnrichedDateType" => plain("date"),
        "JSONType" => plain("json"),
        "PasswordType" => plain("bytea"),
        "TSVectorType" => plain("tsvector"),
        "PhoneNumberType" => match number(arguments, 1, "max_length") {
            Number::None => with("character varying", vec![20]),
            length => text("character varying", length),
        },
        "CountryType" => with("character varying", vec![2]),
        "CurrencyType" => with("character varying", vec![3]),
        "ColorType" => match number(arguments, 0, "max_length") {
            Number::None => with("character varying", vec![20]),
            length => text("character varying", length),
        },
        "WeekDaysType" => with("bit", vec![7]),
        "IntRangeType" => plain("int4range"),
        "Int8RangeType" => plain("int8range"),
        "DateRangeType" => plain("daterange"),
        "DateTimeRangeType" => plain("tsrange"),
        "NumericRangeType" => plain("numrange"),
        "LtreeType" | "Ltree" => extension("ltree", None),
        "EncryptedType" => plain("bytea"),
        "StringEncryptedType" => plain("character varying"),
        _ => return None,
    }))
}
