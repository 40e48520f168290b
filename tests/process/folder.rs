//! One folder, one process.

use super::reader::Reader;
use super::server::Server;
use super::writer::agreement;

#[test]
fn a_second_process_on_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = Server::start(folder.path());
    let refused = Server::try_start(folder.path()).err().expect("the second is refused");
    assert_eq!(refused.status.code(), Some(1), "{}", refused.said);
    let names_the_folder = refused.said.contains(folder.path().to_str().unwrap());
    assert!(names_the_folder, "{}", refused.said);
    let mut reader = Reader::of(&first.client);
    let written = agreement(&reader.log, 0, "The first one goes on.");
    assert_eq!(first.client.post_statement(&written.to_string()).unwrap().status, 201);
    assert_eq!(reader.follow(&first.client).checkpoint().size(), 2);
    first.stop();
}

#[test]
fn a_stopped_ledger_starts_again_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let mut reader = Reader::of(&server.client);
    for number in 0..5 {
        let written = agreement(&reader.log, number, "It goes on.");
        assert_eq!(server.client.post_statement(&written.to_string()).unwrap().status, 201);
    }
    let before = reader.follow(&server.client);
    server.stop();
    let server = Server::start(folder.path());
    assert_eq!(Reader::of(&server.client).log, reader.log);
    assert_eq!(reader.follow(&server.client).checkpoint(), before.checkpoint());
}
