//! What a database holds (tables, columns, types, indexes, constraints), operations on it, and what PostgreSQL says when one
//! does not fit. Plain data: knows nothing of Python, SQL text, revisions or models.

mod apply;
mod diff;
mod fault;
mod keyword;
mod makes;
mod message;
mod name;
mod op;
mod table;
mod types;

pub use apply::{Context, Event, Risk, RiskKind, Transactions};
pub use diff::{Change, DiffOptions, EnumUse, What, diff, diff_tables, filled};
pub use fault::{Error, Fault, Object, Reason, Runs, Statement};
pub use keyword::{Keyword, keyword, quoted};
pub use name::Name;
pub use op::{
    Action, ColumnDef, Comparison, DefaultChange, EnumDef, Guard, IndexDef, Inserted, Op, OtherKind, Retype, Scalar,
    TableDef, Touches, TypeCreation,
};
pub use table::{
    Certainty, Column, Comment, Constraint, ConstraintKind, Default, Deferral, EnumType, Index, Order, Origin,
    Reference, Rows, Schema, Table,
};
pub use types::{Type, casts_without_using};
