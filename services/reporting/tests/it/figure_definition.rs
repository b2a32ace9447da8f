//! What the figures mean, as everybody in the federation may read it.

use platform::testing::on_both;
use proto::reporting::GetFigureDefinitionsRequest;
use tonic::Code;
use values::Role;

use crate::world::{HOME, World, expected, faults, problem};

#[tokio::test]
async fn the_definitions_tell_every_figure_partition_and_category_in_both_languages() {
    on_both(|database| async {
        let world = World::new(database).await;
        let get = || GetFigureDefinitionsRequest { parent: HOME.to_owned() };
        let request = world.by(Role::Coach, "team/sala", get());
        let answer =
            world.definitions().get_figure_definitions(request).await.unwrap().into_inner();
        assert_eq!(answer.version, 1);
        let participants = &answer.figures[0];
        assert_eq!(participants.text_sv, "Deltagare under perioden");
        let by_age = &participants.partitions[1];
        assert_eq!(
            (by_age.partition.as_str(), by_age.reported_as.as_str()),
            ("participants_by_age", "participants_by_age")
        );
        let bands: Vec<_> =
            by_age.categories.iter().map(|category| category.text_en.as_str()).collect();
        assert_eq!(bands, ["Under 30", "30 and over"]);
        let exits = answer.figures.iter().find(|figure| figure.figure == "exits").unwrap();
        assert_eq!(exits.partitions[0].categories.len(), 16);
        let queue = answer.figures.iter().find(|figure| figure.figure == "queue").unwrap();
        assert!(queue.partitions.is_empty());

        let stranger = world.definitions().get_figure_definitions(world.stranger(get())).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
        let bad = world.office(GetFigureDefinitionsRequest { parent: "x".to_owned() });
        let told = faults(world.definitions().get_figure_definitions(bad).await);
        assert_eq!(told, expected(&[("parent", "NAME_MALFORMED")]));
    })
    .await;
}
