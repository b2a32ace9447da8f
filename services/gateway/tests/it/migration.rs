//! What the version before had kept is there after the step to this one.

use gateway::Migrator;
use platform::{Clock, testing::on_both};
use sea_orm::ConnectionTrait as _;
use sea_orm_migration::MigratorTrait as _;
use values::{Slug, name::AccountName};

use crate::world::{FEDERATION, World};
use proto::gateway::ListRoleGrantsRequest;

#[tokio::test]
async fn roles_given_before_they_had_days_go_on() {
    on_both(|database| async move {
        Migrator::up(database.write.pool(), Some(3)).await.unwrap();
        for statement in [
            "INSERT INTO account (federation_id, id, display_name, kind, secret_hash) \
             VALUES ('f', 'eva', 'Eva', 'system', 'x'), ('f', 'per', 'Per', 'person', 'x')",
            "INSERT INTO account_role (federation_id, account_id, role, scope) VALUES \
             ('f', 'eva', 'party_administrator', 'party/sala'), \
             ('f', 'per', 'coach', 'party/sala/team/norra')",
        ] {
            database.write.execute_unprepared(statement).await.unwrap();
        }
        database.migrate::<Migrator>().await.unwrap();
        let slug = |id| Slug::parse("", id).unwrap();
        let eva = AccountName::new(slug("f"), slug("eva"));
        let config = gateway::Config::default();
        gateway::token::issue_for(&config, &database, &eva, Clock::system()).await.unwrap();
        let world = World::at(database, "2025-06-10T10:00:00Z").await;
        let message = ListRoleGrantsRequest { parent: FEDERATION.to_owned(), ..Default::default() };
        let request = world.by("eva", message).await;
        let listed = world.roles().list_role_grants(request).await.unwrap().into_inner();
        let scopes: Vec<&str> = listed.role_grants.iter().map(|it| it.scope.as_str()).collect();
        assert_eq!(scopes, ["federations/f/parties/sala", crate::world::TEAM]);
        assert!(world.problems().await.is_empty());
    })
    .await;
}
