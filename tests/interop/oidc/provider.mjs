// An OpenID provider on loopback, for tests: node provider.mjs PORT CALLBACK
// Clients: "rs" (public, PKCE alone, RS256) and "es" (with a secret, ES256). Anybody may log in as whoever they say.
import crypto from 'node:crypto';
import Provider from 'oidc-provider';

const [port, callback] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const jwk = (type, options, alg) => ({
  ...crypto.generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg,
});

const client = (id, alg, auth) => ({
  client_id: id,
  ...(auth === 'none' ? {} : { client_secret: 'a secret with a % and a space' }),
  token_endpoint_auth_method: auth,
  id_token_signed_response_alg: alg,
  redirect_uris: [callback],
  response_types: ['code'],
  grant_types: ['authorization_code'],
});

const provider = new Provider(issuer, {
  clients: [client('rs', 'RS256', 'none'), client('es', 'ES256', 'client_secret_basic')],
  jwks: { keys: [jwk('rsa', { modulusLength: 2048 }, 'RS256'), jwk('ec', { namedCurve: 'P-256' }, 'ES256')] },
  cookies: { keys: ['only for tests'] },
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({
      sub: id, preferred_username: id, name: `Mens ${id}`, email: `${id}@example.org`, email_verified: id !== 'vals',
    }),
  }),
  ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
});

provider.listen(Number(port), '127.0.0.1', () => console.log(`listening ${issuer}`));
