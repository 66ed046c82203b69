//! Signing up, logging in, and one's own account.

pub mod api;
mod forgot_password;
mod log_in;
mod new_password;
mod page;
mod profile;
mod resend;
mod reset_password;
mod security;
mod sign_up;
mod strength;
mod unlock;
mod verify;
mod visitor;

pub use forgot_password::ForgotPasswordPage;
pub use log_in::LogInPage;
pub use profile::AccountPage;
pub use reset_password::ResetPasswordPage;
pub use security::SecurityPage;
pub use sign_up::SignUpPage;
pub use unlock::UnlockPage;
pub use verify::VerifyPage;
pub use visitor::{log_out_form, login_href, use_visitor};
