//! The principal on the wire: a JSON web token signed with Ed25519. The private
//! key is the gateway's alone; services hold the public key.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::Context as _;
use ed25519_dalek::{
    SigningKey,
    pkcs8::{
        DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _,
        spki::der::pem::LineEnding,
    },
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rand::TryRng as _;
use serde::{Deserialize, Serialize};
use tonic::metadata::{Ascii, MetadataValue};
use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

use crate::{Clock, Failure, principal::Principal};

const ISSUER: &str = "samordna-gateway";
const AUDIENCE: &str = "samordna-services";
/// A signed principal is good for this long.
const VALID_SECONDS: i64 = 60;
/// Verified tokens that are remembered; enough for every caller of a minute.
const REMEMBERED: usize = 4096;

/// An Ed25519 key pair, as PEM.
#[derive(Debug, Clone)]
pub struct KeyPair {
    /// PKCS#8, for the gateway.
    pub private_pem: secrecy::SecretString,
    /// SubjectPublicKeyInfo, for the services.
    pub public_pem: String,
}

impl KeyPair {
    /// A new pair from the system's random source.
    ///
    /// # Errors
    /// When the system has no random bytes to give.
    pub fn generate() -> anyhow::Result<Self> {
        let mut seed = [0_u8; 32];
        rand::rngs::SysRng.try_fill_bytes(&mut seed).context("no random bytes from the system")?;
        Self::of(&SigningKey::from_bytes(&seed))
    }

    /// The pair of a private key in PKCS#8 PEM: the public half follows from it.
    ///
    /// # Errors
    /// When the PEM holds no Ed25519 private key.
    pub fn from_private_pem(private_pem: &str) -> anyhow::Result<Self> {
        let key = SigningKey::from_pkcs8_pem(private_pem)
            .context("principal.private_key is no Ed25519 key in PKCS#8 PEM")?;
        Self::of(&key)
    }

    fn of(key: &SigningKey) -> anyhow::Result<Self> {
        let private_pem = key.to_pkcs8_pem(LineEnding::LF).context("encode the private key")?;
        let public_pem = key
            .verifying_key()
            .to_public_key_pem(LineEnding::LF)
            .context("encode the public key")?;
        Ok(Self { private_pem: private_pem.as_str().into(), public_pem })
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    client: String,
    grants: Vec<(String, String)>,
    exp: i64,
}

/// A principal ready to be sent.
pub type SignedPrincipal = MetadataValue<Ascii>;

/// Signs principals; the gateway's.
#[derive(Clone)]
pub struct PrincipalSigner {
    key: EncodingKey,
    clock: Clock,
    /// A caller's calls of half a minute carry the same token, so that neither
    /// side does the same work for each.
    signed: Arc<Mutex<HashMap<(AccountName, String), Signed>>>,
}

#[derive(Clone)]
struct Signed {
    principal: Principal,
    token: SignedPrincipal,
    expires: i64,
}

impl PrincipalSigner {
    /// From a PKCS#8 PEM.
    ///
    /// # Errors
    /// When the PEM holds no Ed25519 private key.
    pub fn from_pem(private_pem: &str, clock: Clock) -> anyhow::Result<Self> {
        let key = EncodingKey::from_ed_pem(private_pem.as_bytes())
            .context("principal.private_key is no Ed25519 key in PKCS#8 PEM")?;
        Ok(Self { key, clock, signed: Arc::default() })
    }

    /// Signs a principal, for at most a minute from now.
    ///
    /// # Errors
    /// When signing fails, which a sound key does not.
    pub fn sign(&self, principal: &Principal) -> anyhow::Result<SignedPrincipal> {
        let now = self.clock.now().timestamp();
        let key = (principal.account.clone(), principal.client.clone());
        if let Some(signed) = self.signed().get(&key)
            && signed.principal == *principal
            && signed.expires > now + VALID_SECONDS / 2
        {
            return Ok(signed.token.clone());
        }
        let expires = now + VALID_SECONDS;
        let token = self.sign_anew(principal, expires)?;
        let mut all = self.signed();
        if all.len() >= REMEMBERED {
            all.retain(|_, signed| signed.expires > now + VALID_SECONDS / 2);
        }
        let signed = Signed { principal: principal.clone(), token: token.clone(), expires };
        all.insert(key, signed);
        Ok(token)
    }

    fn sign_anew(&self, principal: &Principal, expires: i64) -> anyhow::Result<SignedPrincipal> {
        let grant = |grant: &RoleGrant| (grant.role.code().to_owned(), grant.scope.to_string());
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: principal.account.to_string(),
            client: principal.client.clone(),
            grants: principal.grants.iter().map(grant).collect(),
            exp: expires,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.key)?;
        Ok(token.parse()?)
    }

    fn signed(&self) -> MutexGuard<'_, HashMap<(AccountName, String), Signed>> {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Verifies principals; every service's.
#[derive(Clone)]
pub struct PrincipalVerifier {
    key: DecodingKey,
    clock: Clock,
    /// A caller's calls within a minute carry the same token: its signature is
    /// checked once.
    known: Arc<Mutex<HashMap<String, (Principal, i64)>>>,
}

impl PrincipalVerifier {
    /// From a public-key PEM.
    ///
    /// # Errors
    /// When the PEM holds no Ed25519 public key.
    pub fn from_pem(public_pem: &str, clock: Clock) -> anyhow::Result<Self> {
        let key = DecodingKey::from_ed_pem(public_pem.as_bytes())
            .context("principal.public_key is no Ed25519 public key in PEM")?;
        Ok(Self { key, clock, known: Arc::default() })
    }

    /// The principal of a token.
    ///
    /// # Errors
    /// `Unauthenticated` for anything but an unexpired token of the gateway's.
    pub fn verify(&self, token: &str) -> Result<Principal, Failure> {
        let now = self.clock.now().timestamp();
        if let Some((principal, expires)) = self.known().get(token) {
            return if *expires > now {
                Ok(principal.clone())
            } else {
                Err(Failure::Unauthenticated)
            };
        }
        let claims = self.decode(token).ok_or(Failure::Unauthenticated)?;
        let principal = principal_of(&claims).ok_or(Failure::Unauthenticated)?;
        if claims.exp <= now {
            return Err(Failure::Unauthenticated);
        }
        let mut known = self.known();
        if known.len() >= REMEMBERED {
            known.retain(|_, (_, expires)| *expires > now);
        }
        known.insert(token.to_owned(), (principal.clone(), claims.exp));
        Ok(principal)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, (Principal, i64)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decode(&self, token: &str) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // The expiry is checked against our own clock, which a test can set.
        validation.validate_exp = false;
        jsonwebtoken::decode(token, &self.key, &validation).ok().map(|data| data.claims)
    }
}

fn principal_of(claims: &Claims) -> Option<Principal> {
    let account = AccountName::parse("sub", &claims.sub).ok()?;
    let grant = |(role, scope): &(String, String)| {
        let role = Role::from_code(role)?;
        Some(RoleGrant { role, scope: Scope::parse("scope", scope).ok()? })
    };
    let grants = claims.grants.iter().map(grant).collect::<Option<Vec<_>>>()?;
    let federation: Slug = account.federation.clone();
    Some(Principal { federation, account, client: claims.client.clone(), grants })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn principal() -> Principal {
        let account =
            AccountName::parse("name", "federations/vastmanland/accounts/ekonom").unwrap();
        let grants = vec![RoleGrant { role: Role::FederationEconomist, scope: Scope::Federation }];
        Principal {
            federation: account.federation.clone(),
            account,
            client: "web".to_owned(),
            grants,
        }
    }

    fn clock(text: &str) -> Clock {
        Clock::fixed(text.parse().unwrap())
    }

    #[test]
    fn a_signed_principal_is_verified_within_its_minute_and_refused_after() {
        let keys = KeyPair::generate().unwrap();
        let now = clock("2025-07-01T10:00:00Z");
        let signer =
            PrincipalSigner::from_pem(keys.private_pem.expose_secret(), now.clone()).unwrap();
        let token = signer.sign(&principal()).unwrap();
        let token = token.to_str().unwrap();
        let verifier = PrincipalVerifier::from_pem(&keys.public_pem, now).unwrap();
        assert_eq!(verifier.verify(token).unwrap(), principal());
        assert_eq!(verifier.verify(token).unwrap(), principal(), "remembered");
        let later =
            PrincipalVerifier::from_pem(&keys.public_pem, clock("2025-07-01T10:01:00Z")).unwrap();
        assert!(matches!(later.verify(token), Err(Failure::Unauthenticated)));
    }

    #[test]
    fn a_token_of_another_key_or_changed_by_one_character_is_refused() {
        let now = clock("2025-07-01T10:00:00Z");
        let keys = KeyPair::generate().unwrap();
        let signer =
            PrincipalSigner::from_pem(keys.private_pem.expose_secret(), now.clone()).unwrap();
        let token = signer.sign(&principal()).unwrap().to_str().unwrap().to_owned();
        let other =
            PrincipalVerifier::from_pem(&KeyPair::generate().unwrap().public_pem, now.clone())
                .unwrap();
        assert!(other.verify(&token).is_err());
        let verifier = PrincipalVerifier::from_pem(&keys.public_pem, now).unwrap();
        let position = token.find('.').unwrap() + 5;
        let mut changed = token.into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        assert!(verifier.verify(std::str::from_utf8(&changed).unwrap()).is_err());
    }
}
