//! `shopfront user`: the first admin is made here, and nowhere else.

use crate::cli::{Failure, batch_pool, require_schema, secret};
use crate::config::{Common, CreateUser, User};
use crate::error::ServiceError;
use crate::services::accounts::AccountService;
use app::error::AppError;
use console::Term;
use std::io::IsTerminal;
use std::process::ExitCode;

/// # Errors
/// What was refused, and why.
#[allow(clippy::print_stdout)]
pub async fn run(common: &Common, command: User) -> Result<ExitCode, Failure> {
    let pool = batch_pool(common)?;
    require_schema(&pool).await?;
    let shop = match &command {
        User::Create(create) => create.name.clone(),
        _ => String::new(),
    };
    let accounts = AccountService::new(pool, secret(common)?, &shop, true);
    match command {
        User::Create(create) => make(&accounts, &create).await?,
        User::Block { username, reason, note } => {
            accounts.block(&username, &reason, &note).await.map_err(|error| refusal(&username, error))?;
            println!("{username} is blocked, and logged out everywhere");
        }
        User::Unblock { username } => {
            accounts.unblock(&username).await.map_err(|error| refusal(&username, error))?;
            println!("{username} may log in again");
        }
        User::EndSessions { username } => {
            let ended = accounts.end_sessions_of(&username).await.map_err(|error| refusal(&username, error))?;
            println!("{username} is logged out ({ended} sessions)");
        }
        User::List => {
            let all = accounts.list().await.map_err(|error| refusal("", error))?;
            println!("{:30}  {:40}  {:8}  {:11}  {:10}  last seen", "username", "e-mail", "role", "state", "since");
            for one in all {
                let state = match (one.blocked, one.verified) {
                    (true, _) => "blocked",
                    (false, true) => "active",
                    (false, false) => "unverified",
                };
                let seen = one.last_seen_at.map_or_else(|| "never".to_owned(), |seen| seen.date().to_string());
                let since = one.created_at.date();
                println!("{:30}  {:40}  {:8}  {state:11}  {since}  {seen}", one.username, one.email, one.role);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// With a terminal the password is asked for; otherwise, and if a link is wanted, the new user sets it themselves.
#[allow(clippy::print_stdout)]
async fn make(accounts: &AccountService, create: &CreateUser) -> Result<(), Failure> {
    let asks = !create.link && std::io::stdin().is_terminal() && Term::stderr().is_term();
    let password = if asks { Some(ask_password()?) } else { None };
    let id = accounts
        .create(&create.username, &create.email, create.admin, password.as_deref())
        .await
        .map_err(|error| refusal(&create.username, error))?;
    println!("{} has an account{}", create.username, if create.admin { ", as an admin" } else { "" });
    if password.is_none() {
        let path = accounts.password_link(id).await.map_err(|error| refusal(&create.username, error))?;
        println!("This link sets its password, once and within a day:\n{}{path}", create.base_url);
    }
    Ok(())
}

fn ask_password() -> Result<String, Failure> {
    let term = Term::stderr();
    term.write_str("Password: ")?;
    let password = term.read_secure_line()?;
    term.write_str("Again: ")?;
    if term.read_secure_line()? != password {
        return Err(Failure("the two passwords differ".to_owned()));
    }
    Ok(password)
}

/// A refusal in words for the operator.
fn refusal(username: &str, error: ServiceError) -> Failure {
    Failure(match error {
        ServiceError::NotFound => format!("there is no account named {username}"),
        ServiceError::Refused(AppError::Forbidden) => {
            format!("{username} is the last active admin: make another one first")
        }
        ServiceError::Refused(AppError::Invalid { fields }) => {
            fields.iter().map(|field| format!("{}: {}", field.field, field.message)).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    })
}
