//! The address of an entry as a picture of a code. That it says the address is shown where it is drawn.

use crate::entry_page::link;
use crate::server::Server;
use crate::signing::agreement_with;

#[tokio::test]
async fn an_entry_has_a_code_and_a_wrong_hash_has_none() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let path = format!("{}.svg", link(&server, 1).await.replace("/e/", "/qr/"));
    let answer = server.get(&path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/svg+xml")));
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    for wrong in [path.replace(".svg", ""), path.replace("/1-", "/0-"), path.replace("/1-", "/9-")]
    {
        assert_eq!(server.get(&wrong).await.status, 404, "{wrong}");
    }
}
