//! The DNS, against a name server of the test: what is authoritatively not there is told from what could not be
//! found out.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use hickory_resolver::proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, NS, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use onrecord::net::{Dns, NameError, Names as _};
use tokio::net::UdpSocket;

use crate::doubles::domain;

type Zone = dyn Fn(&str, RecordType) -> (ResponseCode, Vec<RData>) + Send + Sync;

/// A name server that answers from the zone; `None` of a silent one.
async fn server(zone: Option<Arc<Zone>>) -> Dns {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address: SocketAddr = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let Some(zone) = &zone else { continue };
            let asked = Message::from_vec(&buffer[..length]).unwrap();
            let query = asked.queries[0].clone();
            let (code, records) = zone(&query.name().to_string(), query.query_type());
            let mut answer = Message::response(asked.metadata.id, OpCode::Query);
            assert_eq!(answer.metadata.message_type, MessageType::Response);
            answer.metadata.response_code = code;
            for data in records {
                let record = Record::from_rdata(query.name().clone(), 60, data);
                match record.record_type() {
                    RecordType::NS => answer.add_authority(record),
                    _ => answer.add_answer(record),
                };
            }
            answer.add_query(query);
            socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
        }
    });
    Dns::at(address)
}

fn txt(parts: &[&str]) -> RData {
    RData::TXT(TXT::new(parts.iter().map(|part| (*part).to_owned()).collect()))
}

#[tokio::test]
async fn records_and_addresses_are_asked_for_by_the_whole_name() {
    let zone = |name: &str, kind: RecordType| match (name, kind) {
        ("_onrecord.example.org.", RecordType::TXT) => {
            (ResponseCode::NoError, vec![txt(&["v=onr1; ", "key=x"]), txt(&["v=spf1 -all"])])
        }
        ("example.org.", RecordType::A) => (
            ResponseCode::NoError,
            vec![RData::A(A::new(10, 0, 0, 1)), RData::A(A::new(9, 9, 9, 9))],
        ),
        ("example.org.", RecordType::AAAA) => (ResponseCode::NoError, vec![]),
        other => panic!("asked for {other:?}"),
    };
    let dns = server(Some(Arc::new(zone))).await;
    let texts = dns.texts(&domain("example.org")).await.unwrap();
    assert_eq!(texts, [b"v=onr1; key=x".to_vec(), b"v=spf1 -all".to_vec()]);
    let mut addresses = dns.addresses(&domain("example.org")).await.unwrap();
    addresses.sort();
    assert_eq!(addresses, [Ipv4Addr::new(9, 9, 9, 9), Ipv4Addr::new(10, 0, 0, 1)]);
}

#[tokio::test]
async fn what_the_name_servers_say_is_not_there_is_absent() {
    for code in [ResponseCode::NXDomain, ResponseCode::NoError] {
        let dns = server(Some(Arc::new(move |_: &str, _| (code, vec![])))).await;
        assert_eq!(dns.texts(&domain("example.org")).await, Ok(vec![]), "{code}");
        assert_eq!(dns.addresses(&domain("example.org")).await, Ok(vec![]), "{code}");
    }
}

#[tokio::test]
async fn a_name_server_that_cannot_say_gives_no_answer() {
    for code in [ResponseCode::ServFail, ResponseCode::Refused, ResponseCode::NotImp] {
        let dns = server(Some(Arc::new(move |_: &str, _| (code, vec![])))).await;
        for failed in [
            dns.texts(&domain("example.org")).await.map(|_| ()),
            dns.addresses(&domain("example.org")).await.map(|_| ()),
        ] {
            assert!(matches!(failed, Err(NameError::Failed { .. })), "{code}: {failed:?}");
        }
    }
    let elsewhere = RData::NS(NS(Name::from_ascii("ns.example.net.").unwrap()));
    let zone = move |_: &str, _| (ResponseCode::NoError, vec![elsewhere.clone()]);
    let failed = server(Some(Arc::new(zone))).await.texts(&domain("example.org")).await;
    assert!(failed.is_err(), "a referral says nothing: {failed:?}");
    let silent = server(None).await;
    let failed = silent.texts(&domain("example.org")).await;
    assert!(matches!(failed, Err(NameError::TimedOut { .. })), "{failed:?}");
}

#[tokio::test]
async fn half_an_answer_is_none_unless_it_has_addresses() {
    let half = |v4: bool| {
        move |_: &str, kind: RecordType| match (kind, v4) {
            (RecordType::A, true) => (ResponseCode::NoError, vec![RData::A(A::new(9, 9, 9, 9))]),
            (RecordType::A, false) => (ResponseCode::NoError, vec![]),
            _ => (ResponseCode::ServFail, vec![]),
        }
    };
    let known = server(Some(Arc::new(half(true)))).await.addresses(&domain("example.org")).await;
    assert_eq!(known, Ok(vec![Ipv4Addr::new(9, 9, 9, 9).into()]));
    let unknown = server(Some(Arc::new(half(false)))).await.addresses(&domain("example.org")).await;
    assert!(unknown.is_err(), "{unknown:?}");
}
