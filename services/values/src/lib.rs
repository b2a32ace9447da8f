//! Values that every service speaks of: money, periods, names, numbers with
//! check digits, roles, attached files, and the faults found in them.
//!
//! Architecture invariant: plain synchronous Rust; no runtime, no SQL, no
//! proto, no clock.

pub mod attachment;
pub mod fault;
pub mod formula;
pub mod name;
pub mod number;
pub mod ore;
pub mod payment_account;
pub mod period;
pub mod personal_number;
pub mod role;
pub mod share;

pub use fault::{Fault, Faults};
pub use name::Slug;
pub use number::{OrganisationNumber, ScbCode};
pub use ore::Ore;
pub use payment_account::PaymentAccount;
pub use period::Period;
pub use role::{Role, RoleGrant, Scope};
