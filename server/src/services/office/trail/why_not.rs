//! Why there is no way back from an act, in words for whoever looks for one.

/// Why an entry of such an act, which has no way back, has none.
pub fn why_not(act: &str) -> &'static str {
    match act {
        "product.bulk_update" | "import.apply" => "It is undone as a whole, on its own page",
        "product.bulk_undo" => "Edit the products anew instead",
        "import.undo" => "Upload the file again instead",
        "import.upload" | "session.refused" | "user.codes_stopped" | "user.codes_allowed" | "user.clear_limits" => {
            "It changed nothing that could go back"
        }
        "product.export" | "user.export" | "trail.export" | "user.data_taken" => {
            "What has left the shop can’t be called back"
        }
        "session.log_in" => "A log-in can’t be undone; the session can be ended on the account’s page",
        "session.log_out" | "session.end" => "A session that has ended stays ended",
        "user.delete" => "What a deleted account was is gone for good, as its owner may expect",
        "user.create" => "Block or delete the account on its page instead",
        "user.update" => "Change it on the account’s page: what it was may be somebody else’s now",
        "user.email_asked" | "user.email_changed" | "user.verified" => {
            "Only who reads its mail can show that an address is theirs"
        }
        "user.password_changed" | "user.password_reset" => "Passwords aren’t kept, so none can come back",
        "user.reset_asked" | "user.reset_started" => "A letter that is sent can’t be called back",
        "category.restore" => "Delete or merge the category on its page instead",
        "product.create" => "It is part of something larger, which is undone as a whole",
        "product.delete" => "What it was wasn’t kept with this entry",
        "product.update" => {
            "Its variants, or more than a product’s form shows, were changed: the entry doesn’t say enough"
        }
        "product.restore" => "Delete the product on its page instead",
        act if KNOWN.contains(&act) => "It was written before entries told enough to go back",
        _ => "There is no way back from acts of this kind",
    }
}

/// Acts with a way back of which older entries lack something.
const KNOWN: [&str; 11] = [
    "category.move",
    "category.reorder",
    "category.delete",
    "category.merge",
    "product.describe_picture",
    "product.reorder_pictures",
    "product.remove_picture",
    "product.add_picture",
    "product.restore_picture",
    "user.set_role",
    "user.block",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_says_why() {
        assert!(why_not("session.log_in").contains("log-in"));
        assert!(why_not("category.merge").contains("before entries told enough"));
        for act in ["import.apply", "user.delete", "product.export", "something.new"] {
            let words = why_not(act);
            assert!(words.chars().next().is_some_and(char::is_uppercase) && !words.ends_with('.'), "{act}: {words}");
        }
    }
}
