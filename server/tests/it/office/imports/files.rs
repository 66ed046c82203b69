//! Files that come, and files that go.

use super::*;

#[sqlx::test(migrations = "../migrations")]
async fn every_bad_row_is_named_and_none_is_applied(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let before = state(&shop.pool).await;
    let mut file = FILE.to_owned() + "lid,Lid,,,LID,-1,\"1,000\",live\n,Nobody,,,,1,1,active\n";
    for at in 0..60 {
        file += &format!("bad-{at},Bad,,,,1,a <i>lot</i>,active\n");
    }
    let import = upload(&browser, &file).await;
    assert_eq!(counts(&shop.pool, &import).await, (1, 1, 1, 62));
    let told = page(&browser, &import, "").await;
    for part in ["can’t be applied", "Mend the rows below", "64 problems", "Refused (62)"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains("Apply the import") && !told.contains("<i>lot"), "{told}");
    let row = |line: &str, column: &str, reason: &str| {
        let is = |row: &&str| row.contains(&format!(">{line}<")) && row.contains(&format!(">{column}<"));
        let found = told.split("<tr").find(is).unwrap_or_else(|| panic!("line {line}, {column}: {told}"));
        assert!(found.contains(reason), "{reason}: {found}");
    };
    row("5", "Variant Inventory Qty", "the least is 0");
    row("5", "Variant Price", "without thousands separators");
    row("5", "Status", "write active, draft or archived");
    row("6", "Handle", "Is missing");
    let rest = page(&browser, &import, "?show=refused&page=2").await;
    assert!(rest.contains(">66<") && !rest.contains(">5<"), "{rest}");
    let answer = act(&browser, "apply", &[("import", &import), ("seen", "0")]).await;
    assert!(wrong(&answer, "").contains("Mend the rows"), "{}", answer.body);
    assert_eq!(state(&shop.pool).await, before);
    // The rest is shown as it would be.
    assert!(page(&browser, &import, "?show=changed").await.contains("data-key=\"tarn-mug\""));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_that_is_too_large_or_none_is_refused_in_words(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let head = "Handle,Title,Variant Price\n";
    let rows: String = (0..50_001).map(|at| format!("h{at},T,1\n")).collect();
    let import = upload(&browser, &[head, &rows].concat()).await;
    let told = page(&browser, &import, "").await;
    assert!(told.contains("The file has more than 50000 rows") && told.contains(">50,002<"), "{told}");
    assert!(!told.contains("Apply the import"));

    let padded = |bytes: usize| {
        let start = format!("{head}mug,Mug,1\n");
        let filler = "\n".repeat(bytes - start.len());
        start + &filler
    };
    let most = 10 * 1024 * 1024;
    let whole = upload(&browser, &padded(most)).await;
    assert_eq!(counts(&shop.pool, &whole).await, (1, 0, 0, 0), "it may have so many");
    for size in [most + 1, 2 * most] {
        let answer = send_file(&browser, "application/json", "big.csv", &padded(size)).await;
        assert!(wrong(&answer, "file").contains("larger than 10 MiB"), "{}", answer.body);
    }
    let answer = send_file(&browser, "text/html", "big.csv", &padded(most + 1)).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/admin/imports"));
    assert!(browser.get("/admin/imports").await.body.contains("larger than 10 MiB"));

    assert!(wrong(&send_file(&browser, "application/json", "", "").await, "file").contains("Choose a file"));
    let headers = [("accept", "application/json"), ("content-type", "multipart/form-data; boundary=limes")];
    let cut = "--limes\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nHandle";
    let answer = browser.send(Method::POST, "/api/admin/imports/upload", &headers, cut).await;
    assert!(wrong(&answer, "file").contains("did not arrive whole"), "{}", answer.body);
    assert_eq!(number(&shop.pool, "select count(*) from imports").await, 2);

    let none = upload(&browser, "x").await;
    assert!(page(&browser, &none, "").await.contains("The first line must name the columns"));
}

#[sqlx::test(migrations = "../migrations")]
async fn who_stops_in_the_middle_of_a_file_is_not_waited_for(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let mut stalled = TcpStream::connect(shop.addr).await.unwrap();
    let head = format!(
        "POST /api/admin/imports/upload HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nCookie: session={}\r\n\
         Content-Type: multipart/form-data; boundary=limes\r\nContent-Length: 100000\r\n\r\n",
        shop.addr,
        browser.cookie("session").unwrap()
    );
    let part = "--limes\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nHandle,Title\nmug,";
    stalled.write_all([&head, part].concat().as_bytes()).await.unwrap();
    let mut answer = [0; 4096];
    let received = tokio::time::timeout(Duration::from_secs(25), stalled.read(&mut answer)).await;
    let received = received.expect("answered in time").unwrap();
    let answer = String::from_utf8_lossy(&answer[..received]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("did not arrive whole"), "{answer}");
    assert_eq!(number(&shop.pool, "select count(*) from imports").await, 0);
    // Others were served meanwhile, and who sends a whole file is.
    upload(&browser, "Handle,Title,Variant Price\nmug,Mug,1\n").await;
}

#[sqlx::test(migrations = "../migrations")]
async fn an_export_has_the_filter_no_formula_and_comes_back_unchanged(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    run(
        &shop.pool,
        "update products
         set title = '=1+1', vendor = '@home', seo_title = '-5', type = '+x', seo_description = chr(39) || '=y',
             tags = array['a, b']
         where slug = 'tarn-mug';
         insert into media (id, hash, width, height, widths)
         values ('018f0000-0000-7000-8000-00000000000a', sha256('a'), 10, 10, '{10}');
         insert into product_images (id, product_id, position, alt, media_id, source)
         select gen_random_uuid(), id, 1, '@alt', '018f0000-0000-7000-8000-00000000000a', 'mug.png'
         from products where slug = 'tarn-mug';
         insert into product_images (id, product_id, position, source)
         select gen_random_uuid(), id, 2, 'https://example.org/b.jpg' from products where slug = 'tarn-mug'",
    )
    .await;
    let file = browser.get("/admin/products.csv?sort=title").await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"products.csv\"");
    assert_eq!(trail(&shop.pool, "product.export").await.len(), 1, "that somebody took it is written down");
    assert_eq!(file.header("cache-control"), "no-store");
    let mut records = csv::Reader::from_reader(file.body.as_bytes());
    let records: Vec<csv::StringRecord> = records.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 3);
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    let before = state(&shop.pool).await;
    let import = upload(&browser, &file.body).await;
    assert_eq!(counts(&shop.pool, &import).await, (0, 0, 2, 0), "{}", page(&browser, &import, "").await);
    // Changed, and changed back by the export, it is as it was.
    run(&shop.pool, "update products set title = 'Other', version = version + 1 where slug = 'tarn-mug'").await;
    let import = upload(&browser, &file.body).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(state(&shop.pool).await, before);

    let names = async |search: &str| -> Vec<String> {
        let body = browser.get(&format!("/admin/products.csv?{search}")).await.body;
        let mut records = csv::Reader::from_reader(body.as_bytes());
        let mut names: Vec<String> = records.records().map(|record| record.unwrap()[0].to_owned()).collect();
        names.dedup();
        names
    };
    assert_eq!(names("").await, ["tarn-mug", "bowl"]);
    assert_eq!(names("q=bowl").await, ["bowl"]);
    assert_eq!(names("picture=none&page=7&size=25").await, ["bowl"]);
    assert_eq!(names("status=draft").await, Vec::<String>::new());
    let table = browser.get("/admin/products?q=bowl&sort=title").await.body;
    assert!(table.contains("href=\"/admin/products.csv?q=bowl\""), "{table}");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_large_export_comes_in_pieces_and_misses_none(pool: PgPool) {
    let shop = Shop::open(pool).await;
    run(
        &shop.pool,
        "insert into products (id, slug, title) select gen_random_uuid(), 'p' || n, 'P' from generate_series(1, 1203) n;
         insert into variants (id, product_id, position, price) select gen_random_uuid(), id, 1, 100 from products",
    )
    .await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let body = browser.get("/admin/products.csv").await.body;
    let mut records = csv::Reader::from_reader(body.as_bytes());
    let mut handles: Vec<String> = records.records().map(|record| record.unwrap()[0].to_owned()).collect();
    let mut expected: Vec<String> = (1..=1203).map(|at| format!("p{at}")).collect();
    handles.sort();
    expected.sort();
    assert_eq!(handles, expected);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_template_is_a_file_that_can_be_imported(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let template = browser.get("/admin/imports/template.csv").await;
    assert_eq!(template.header("content-disposition"), "attachment; filename=\"products-template.csv\"");
    let import = upload(&browser, &template.body).await;
    assert_eq!(counts(&shop.pool, &import).await, (1, 0, 0, 0), "{}", page(&browser, &import, "").await);
    assert_eq!(apply(&browser, &import).await, "applied");
    assert_eq!(number(&shop.pool, "select count(*) from products where status = 'draft'").await, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn pictures_without_an_address_are_the_shop_s_own(pool: PgPool) {
    let shop = shop_with_products(pool).await;
    let browser = signed_in(&shop, &EDITOR, "editor").await;
    let file = |image: &str| format!("Handle,Title,Variant Price,Image Src\ntarn-mug,Tarn mug,24,{image}\n");
    let import = upload(&browser, &file("mug.png")).await;
    assert!(page(&browser, &import, "").await.contains("the shop has no picture of this name"));
    let import = upload(&browser, &file("https://example.org/mug.jpg")).await;
    assert_eq!(apply(&browser, &import).await, "applied");
    let kept = "select count(*) from product_images where source = 'https://example.org/mug.jpg' and media_id is null";
    assert_eq!(number(&shop.pool, kept).await, 1, "it stays where it is");
}
