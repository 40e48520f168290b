//! Nothing is admitted after the operator ended the ledger, and an auditor finds whatever is.

use onrecord::encoding::json::Json;
use onrecord::ledger::Candidate;
use onrecord::statement::Reason;

use crate::author::{Author, policy};
use crate::world::World;

fn end(by: &Author, origin: &str) -> Candidate {
    by.sign("successor", &[("origin", Json::text(origin.to_owned()))], &[])
}

#[test]
fn the_operator_alone_ends_a_ledger_and_nothing_is_admitted_after_it() {
    let mut world = World::new();
    let ana = Author::new(1);
    let opened = ana.agreement(&["acme.example"]);
    assert_eq!(world.publish(&opened), None);
    assert_eq!(world.publish(&end(&ana, "next.example/2027")), Some(Reason::NotAParty));
    let operator = Author::new(200);
    assert_eq!(world.publish(&end(&operator, "next.example/2027")), None);
    let words = opened.signed.statement().digests().to_vec();
    for late in [
        ana.agreement(&["bolt.example"]),
        ana.erasure(&opened, &words[..1]),
        policy(&operator),
        end(&operator, "another.example"),
    ] {
        assert_eq!(world.publish(&late), Some(Reason::Conflict));
    }
}

#[test]
fn the_ledger_that_goes_on_is_named_by_its_origin() {
    let operator = Author::new(200);
    for origin in ["", "https://next.example", "Next.example", "next.example /2027", "a+b"] {
        let fields = [("origin", Json::text(origin.to_owned()))];
        assert_eq!(operator.refused_with("successor", &fields, &[]), Reason::BadField, "{origin}");
    }
}
