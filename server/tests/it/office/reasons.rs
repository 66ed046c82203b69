//! Why somebody did something, where they say so.

use super::imports::{settled, upload};
use super::staff::{ADA, EDD, SAM, act, beside, done, signed_in};
use crate::shop::{Product, Shop, add};
use sqlx::PgPool;

/// The newest entry's act, and why as the trail shows it.
async fn newest(pool: &PgPool) -> (String, String) {
    sqlx::query_as(
        "select l.act, coalesce(w.reason, l.reason)
         from audit_log l left join words_about_people w on w.entry_id = l.id
         where l.part_of is null
         order by l.id desc limit 1",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_done_to_an_account_may_say_why(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let ada = signed_in(&shop, &ADA, "admin").await;
    let sam = shop.account(&SAM, "shopper").await.to_string();
    let role = [("user", sam.as_str()), ("role", "editor"), ("reason", " Looks after the lamps\r\nfrom May on ")];
    done(&ada, "users/set_role", &role).await;
    let why = "Looks after the lamps\nfrom May on".to_owned();
    assert_eq!(newest(&pool).await, ("user.set_role".to_owned(), why));
    let kept: String =
        sqlx::query_scalar("select reason from audit_log order by id desc limit 1").fetch_one(&pool).await.unwrap();
    assert_eq!(kept, "Kept with the account", "the log forgets nothing, so it isn’t told");
    assert!(ada.get("/admin/audit").await.body.contains("Looks after the lamps"));

    done(&ada, "users/set_role", &[("user", &sam), ("role", "shopper")]).await;
    assert_eq!(newest(&pool).await, ("user.set_role".to_owned(), String::new()), "it may be left out");
    for reason in ["x".repeat(501), "a\u{202e}b".to_owned()] {
        let answer = act(&ada, "users/delete", &[("user", &sam), ("reason", &reason)]).await;
        assert!(!beside(&answer, "reason").is_empty());
    }
    let block = act(&ada, "users/block", &[("user", &sam), ("reason", " "), ("note", "a\u{202e}b")]).await;
    assert!(!beside(&block, "reason").is_empty() && !beside(&block, "note").is_empty(), "both at once: {}", block.body);
    done(&ada, "users/delete", &[("user", &sam), ("reason", "Asked for by letter")]).await;
    assert_eq!(newest(&pool).await, ("user.delete".to_owned(), "Asked for by letter".to_owned()));
    let words: i64 = sqlx::query_scalar("select count(*) from words_about_people where user_id = $1::uuid")
        .bind(&sam)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(words, 0, "and nothing else is left of it");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_done_to_products_may_say_why(pool: PgPool) {
    let shop = Shop::open(pool.clone()).await;
    let edd = signed_in(&shop, &EDD, "editor").await;
    let bowl = add(&pool, Product { slug: "bowl", title: "Bowl", ..Product::default() }).await.to_string();
    let mug = add(&pool, Product::default()).await.to_string();

    let begun = done(&edd, "bulk/begin", &[("products[]", &mug), ("act", "status")]).await.next.path;
    let edit = begun.split('/').next_back().unwrap().split('?').next().unwrap().to_owned();
    done(&edd, "bulk/status", &[("edit", &edit), ("status", "draft")]).await;
    let page = edd.get(&format!("/admin/products/bulk/{edit}")).await.body;
    let seen = page.split_once("name=\"seen\" value=\"").unwrap().1.split('"').next().unwrap();
    let fields = [("edit", edit.as_str()), ("seen", seen), ("reason", "New photographs first")];
    done(&edd, "bulk/apply", &fields).await;
    assert_eq!(newest(&pool).await, ("product.bulk_update".to_owned(), "New photographs first".to_owned()));

    let fields = [("product", bowl.as_str()), ("version", "1"), ("reason", "Broken in the kiln")];
    done(&edd, "products/remove", &fields).await;
    assert_eq!(newest(&pool).await, ("product.delete".to_owned(), "Broken in the kiln".to_owned()));

    let import = upload(&edd, "Handle,Title,Variant Price\nvase,Vase,3\n").await;
    let page = edd.get(&format!("/admin/imports/{import}")).await.body;
    let seen = page.split_once("name=\"seen\" value=\"").unwrap().1.split('"').next().unwrap();
    let fields = [("import", import.as_str()), ("seen", seen), ("reason", "Spring prices")];
    done(&edd, "imports/apply", &fields).await;
    let applied = "select reason from audit_log where act = 'import.apply'";
    assert_eq!(settled(&pool, &import).await, "applied");
    let why: String = sqlx::query_scalar(applied).fetch_one(&pool).await.unwrap();
    assert_eq!(why, "Spring prices");
}
