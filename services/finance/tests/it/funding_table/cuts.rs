//! The table by area, party and kind of cost, narrowed, and as it was known.

use platform::testing::on_both;
use proto::finance as pb;

use crate::world::{
    HOME, World, administrator, days, economist, economist_of, expected, faults, line,
};

fn asked(cut: pb::FundingCut) -> pb::GetFundingTableRequest {
    pb::GetFundingTableRequest {
        parent: HOME.to_owned(),
        year: 2025,
        period: Some(days("2025-01-01", "2025-06-30")),
        cut: cut.into(),
        ..Default::default()
    }
}

async fn table(world: &World, message: pb::GetFundingTableRequest) -> pb::FundingTable {
    let answer = world.funding_tables().get_funding_table(world.office(message)).await;
    answer.unwrap().into_inner().funding_table.unwrap()
}

/// Who or what each row is about, what is granted, and what is requisitioned.
fn rows(table: &pb::FundingTable) -> Vec<(String, i64, i64)> {
    let told = table.rows.iter().map(|row| {
        let amounts = row.amounts.as_ref().unwrap();
        let is_of_kind = row.cost_kind != 0;
        let kind = row.cost_kind().as_str_name().to_owned();
        let name = if is_of_kind { kind } else { row.display_name.clone() };
        (name, amounts.granted_ore, amounts.requisitioned_to_date_ore)
    });
    told.collect()
}

fn said(rows: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    let owned =
        |(name, granted, to_date): &(&str, i64, i64)| ((*name).to_owned(), *granted, *to_date);
    rows.iter().map(owned).collect()
}

/// Sala (in the north) with 1000 öre, a resource with 500, a team of two areas
/// with 400; claims of two parties and two kinds on Sala's.
async fn world_with_claims(database: platform::Database) -> World {
    let world = World::with_grant(database, 1000).await;
    let mut resource = world.recipient("resurs");
    let content = resource.recipient.as_mut().unwrap();
    (content.kind, content.team) = (pb::RecipientKind::Resource.into(), String::new());
    world.recipients().create_recipient(world.office(resource)).await.unwrap();
    let message = world.recipient("vastra-malardalen");
    world.recipients().create_recipient(world.office(message)).await.unwrap();
    for (id, to, ore) in [("resurs-2025", "resurs", 500), ("vm-2025", "vastra-malardalen", 400)] {
        let message = world.grant(id, to, ore);
        world.grants().create_grant(world.office(message)).await.unwrap();
    }
    world.approved("r1", "koping", 100).await;
    let mut claim = world.claim("r2", "sala", 0);
    let lines = vec![line(pb::CostKind::Staff, 200), line(pb::CostKind::Other, 50)];
    claim.requisition.as_mut().unwrap().cost_lines = lines;
    let caller = economist_of("sala");
    let drafted = world.requisitions().create_requisition(world.by(&caller, claim)).await;
    let drafted = drafted.unwrap().into_inner().requisition.unwrap();
    let submitted = world.take("submit", &drafted, &caller).await.unwrap();
    let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
    world.take("approve", &reviewed, &administrator()).await.unwrap();
    world
}

#[tokio::test]
async fn the_same_money_is_told_by_area_by_party_and_by_kind_of_cost() {
    on_both(|database| async move {
        let world = world_with_claims(database).await;

        let by_area = table(&world, asked(pb::FundingCut::Area)).await;
        let expected = [("Norra", 1000, 350), ("Södra", 0, 0), ("Västra", 0, 0), ("", 900, 0)];
        assert_eq!(rows(&by_area), said(&expected));
        assert_eq!(by_area.rows[0].area, format!("{HOME}/areas/norra"));
        assert_eq!(by_area.cut(), pb::FundingCut::Area);

        let by_party = table(&world, asked(pb::FundingCut::Party)).await;
        let expected = [("Huvudman koping", 0, 100), ("Huvudman sala", 0, 250)];
        assert_eq!(rows(&by_party), said(&expected));
        assert_eq!(by_party.rows[1].party, format!("{HOME}/parties/sala"));
        let shares = by_party.rows.iter().map(|row| row.amounts.as_ref().unwrap());
        let shares: Vec<_> = shares.map(|amounts| amounts.share_of_total_percent).collect();
        assert_eq!(shares, [29, 71]);

        let by_kind = table(&world, asked(pb::FundingCut::CostKind)).await;
        assert_eq!(by_kind.rows.len(), 6);
        assert_eq!(rows(&by_kind)[0], said(&[("COST_KIND_STAFF", 0, 200)])[0]);
        assert_eq!(rows(&by_kind)[5], said(&[("COST_KIND_OTHER", 0, 150)])[0]);

        let by_recipient = table(&world, asked(pb::FundingCut::Unspecified)).await;
        assert_eq!(by_recipient.cut(), pb::FundingCut::Recipient);
        for table in [&by_area, &by_party, &by_kind, &by_recipient] {
            let total = table.total.as_ref().unwrap();
            assert_eq!((total.requisitioned_to_date_ore, total.share_of_total_percent), (350, 100));
        }
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_table_is_narrowed_to_a_recipient_an_area_a_party_or_a_kind() {
    on_both(|database| async move {
        let world = world_with_claims(database).await;
        let by_recipient = || asked(pb::FundingCut::Recipient);

        let recipient = format!("{HOME}/recipients/resurs");
        let message = pb::GetFundingTableRequest { recipient, ..by_recipient() };
        let expected = [("Samordningsteam resurs", 500, 0)];
        assert_eq!(rows(&table(&world, message).await), said(&expected));

        let area = format!("{HOME}/areas/norra");
        let message = pb::GetFundingTableRequest { area: area.clone(), ..by_recipient() };
        let expected = [("Samordningsteam sala", 1000, 350)];
        assert_eq!(rows(&table(&world, message).await), said(&expected));
        let message = pb::GetFundingTableRequest { area, ..asked(pb::FundingCut::Area) };
        assert_eq!(rows(&table(&world, message).await), said(&[("Norra", 1000, 350)]));

        // A party and a kind have no grants.
        let party = format!("{HOME}/parties/sala");
        let message = pb::GetFundingTableRequest { party: party.clone(), ..by_recipient() };
        let narrowed = table(&world, message).await;
        assert_eq!(rows(&narrowed), said(&[("Samordningsteam sala", 0, 250)]));
        let total = narrowed.total.unwrap();
        assert_eq!((total.granted_ore, total.left_ore, total.forecast_ore), (0, 0, 0));
        let cost_kind = pb::CostKind::Other.into();
        let message = pb::GetFundingTableRequest { party, cost_kind, ..by_recipient() };
        let narrowed = table(&world, message).await;
        assert_eq!(rows(&narrowed), said(&[("Samordningsteam sala", 0, 50)]));
        let message = pb::GetFundingTableRequest { cost_kind, ..asked(pb::FundingCut::CostKind) };
        let expected = [("COST_KIND_OTHER", 0, 150)];
        assert_eq!(rows(&table(&world, message).await), said(&expected));
    })
    .await;
}

#[tokio::test]
async fn a_table_can_be_had_as_it_was_known_at_a_point_of_the_journal() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.approved("r1", "koping", 100).await;
        let then = world.sequence().await;
        world.approved("r2", "sala", 200).await;
        let message = world.recipient("fns");
        world.recipients().create_recipient(world.office(message)).await.unwrap();
        let message = world.grant("fns-2025", "fns", 500);
        world.grants().create_grant(world.office(message)).await.unwrap();

        let message =
            pb::GetFundingTableRequest { as_known_at: then, ..asked(pb::FundingCut::Recipient) };
        let known = table(&world, message).await;
        assert_eq!(rows(&known), said(&[("Samordningsteam sala", 1000, 100)]));
        assert_eq!(known.sequence, then);

        let now = table(&world, asked(pb::FundingCut::Recipient)).await;
        let expected = [("Samordningsteam fns", 500, 0), ("Samordningsteam sala", 1000, 300)];
        assert_eq!(rows(&now), said(&expected));
        // What has not happened yet is not known now either.
        let ahead = then + 1000;
        let message =
            pb::GetFundingTableRequest { as_known_at: ahead, ..asked(pb::FundingCut::Recipient) };
        assert_eq!(table(&world, message).await, now);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_cut_table_is_told_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = pb::GetFundingTableRequest {
            cut: 99,
            recipient: "sala".to_owned(),
            area: "federations/elsewhere/areas/norra".to_owned(),
            party: format!("{HOME}/areas/norra"),
            cost_kind: 99,
            as_known_at: -1,
            ..asked(pb::FundingCut::Unspecified)
        };
        let told = faults(world.funding_tables().get_funding_table(world.office(message)).await);
        let all = [
            ("cut", "ENUM_UNSPECIFIED"),
            ("recipient", "NAME_MALFORMED"),
            ("area", "OTHER_FEDERATION"),
            ("party", "NAME_MALFORMED"),
            ("cost_kind", "ENUM_UNSPECIFIED"),
            ("as_known_at", "SEQUENCE_NEGATIVE"),
        ];
        // The filter is read before the kind.
        let (mut told, mut all) = (told, expected(&all));
        told.sort();
        all.sort();
        assert_eq!(told, all);
    })
    .await;
}
