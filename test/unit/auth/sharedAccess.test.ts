import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
	createSasKeyCredential,
	createSasToken,
	createSasTokenCredential,
} from "../../../provider/auth/sharedAccess.ts";
import { START_TIME, TestClock } from "../doubles.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");
const POLICY = { hostName: "fleet.azure-devices.net", name: "provisioning", key: KEY };

const CLI_POLICY = { name: "iothubowner", key: "+XLy+MVZ+aTeOnVzN2kLeB16O+kSxmz6g3rS6fAf6rw=" };

/** Signatures that the tests of Microsoft's own clients expect. */
const PUBLISHED_SIGNATURES = [
	{
		source: "the Azure CLI's IoT extension for a hub (Azure/azure-iot-cli-extension, TestSasTokenAuth)",
		policy: { ...CLI_POLICY, hostName: "iot-hub-for-test.azure-devices.net" },
		expiry: 1_471_940_363,
		signature: "770sPjjYxRYpNz8%2FhEN7XR5XU5KDGYGTinSP8YyeTXw%3D",
	},
	{
		// The first release of the Azure CLI's module signed escapes in lower case, which it had escaped once before.
		source: "the Azure CLI for a resource with escapes (azure.cli.command_modules.iot, TestSasTokenAuth)",
		policy: {
			...CLI_POLICY,
			hostName: "iot-hub-for-test.azure-devices.net%2fdevices%2fiot-device-for-test",
		},
		expiry: 1_471_940_363,
		signature: "RTNrGy6n%2Fs2uLLZFuVHBIJtdxIJP1LuKfhKjHwwbu7A%3D",
	},
	{
		source:
			"the SDK for Node.js (Azure/azure-iot-sdk-node, common/core/test/_shared_access_signature_test.js)",
		policy: { name: "name", key: Buffer.from("password").toString("base64"), hostName: "uri" },
		expiry: 12_345,
		signature: "kcWxXAK2OAaAoq2oCkaGzX2NMqDB8nCyNuq2fPYCDhk%3D",
	},
] as const;

const SOURCE = { place: "iothub:connectionString", remedy: "" };
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Splits a token into its fields, without decoding them. */
function splitToken(token: string): Record<string, string> {
	assert.match(token, /^SharedAccessSignature \S+$/);
	const pairs = token
		.slice("SharedAccessSignature ".length)
		.split("&")
		.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
	return Object.fromEntries(pairs);
}

/** Verifies a token by the documented algorithm: HMAC-SHA256 over `sr`, a line feed and `se`, without decoding them. */
function hasValidSignature(token: string, key: string): boolean {
	const { sr, se, sig } = splitToken(token);
	const hmac = createHmac("sha256", Buffer.from(key, "base64")).update(`${sr}\n${se}`, "utf8");
	return hmac.digest("base64") === decodeURIComponent(sig ?? "");
}

const getExpiry = (token: string): number => Number(splitToken(token)["se"]) * 1_000;

describe("a SAS token", () => {
	for (const { source, policy, expiry, signature } of PUBLISHED_SIGNATURES) {
		test(`has the signature that ${source} expects`, () => {
			const { sr, sig, se } = splitToken(createSasToken(policy, expiry));
			assert.deepEqual([sig, se], [signature, String(expiry)]);
			assert.equal(decodeURIComponent(sr ?? ""), policy.hostName);
		});
	}

	test("has its fields in the order of the published tokens", () => {
		const [{ policy, expiry, signature }] = PUBLISHED_SIGNATURES;
		assert.equal(
			createSasToken(policy, expiry),
			`SharedAccessSignature sr=iot-hub-for-test.azure-devices.net&sig=${signature}&se=1471940363&skn=iothubowner`,
		);
	});

	test("is valid by the documented algorithm, for any key, policy and expiry", () => {
		const keys = fc
			.uint8Array({ minLength: 16, maxLength: 64 })
			.map((bytes) => Buffer.from(bytes).toString("base64"));
		const names = fc.string({ minLength: 1, maxLength: 64, unit: "binary-ascii" });
		fc.assert(
			fc.property(keys, names, fc.integer({ min: 1, max: 4_102_444_800 }), (key, name, expiry) => {
				const token = createSasToken({ hostName: "fleet.azure-devices.net", name, key }, expiry);
				assert.ok(hasValidSignature(token, key));
				assert.equal(decodeURIComponent(splitToken(token)["skn"] ?? ""), name);
				assert.equal(splitToken(token)["se"], String(expiry));
			}),
		);
	});

	test("has the hub's host in lower case, with percent-encoding in lower case", () => {
		const token = createSasToken({ ...POLICY, hostName: "Fleet.azure-devices.net:8443" }, 1);
		assert.equal(splitToken(token)["sr"], "fleet.azure-devices.net%3a8443");
	});

	test("does not contain the key", () => {
		assert.ok(!createSasToken(POLICY, 1).includes(KEY));
	});
});

describe("a credential with a policy's key", () => {
	test("creates tokens for an hour, and renews them five minutes before they expire", async () => {
		const clock = new TestClock();
		const credential = createSasKeyCredential(POLICY, clock);
		const first = await credential.getAuthorizationHeader();
		assert.equal(getExpiry(first), START_TIME + HOUR);
		assert.ok(hasValidSignature(first, KEY));
		clock.pass(54 * MINUTE);
		assert.equal(await credential.getAuthorizationHeader(), first);
		clock.pass(2 * MINUTE);
		assert.equal(getExpiry(await credential.getAuthorizationHeader()), START_TIME + 56 * MINUTE + HOUR);
	});

	test("follows the service's clock if this machine's is wrong by five minutes or more", async () => {
		const credential = createSasKeyCredential(POLICY, new TestClock());
		assert.equal(credential.handleUnauthorized(START_TIME + 2 * HOUR), true);
		assert.equal(getExpiry(await credential.getAuthorizationHeader()), START_TIME + 3 * HOUR);
		assert.match(credential.describeClockSkew(), /clock is 120 minutes behind the service's\. Correct it/);
	});

	test("follows a service whose clock is behind, too", async () => {
		const credential = createSasKeyCredential(POLICY, new TestClock());
		assert.equal(credential.handleUnauthorized(START_TIME - 10 * MINUTE), true);
		assert.equal(getExpiry(await credential.getAuthorizationHeader()), START_TIME + HOUR - 10 * MINUTE);
		assert.match(credential.describeClockSkew(), /10 minutes ahead of the service's/);
	});

	test("does not suggest a retry if the clocks agree, or if the skew is already known", () => {
		const credential = createSasKeyCredential(POLICY, new TestClock());
		assert.equal(credential.handleUnauthorized(START_TIME + 4 * MINUTE), false);
		assert.equal(credential.handleUnauthorized(undefined), false);
		assert.equal(credential.describeClockSkew(), "");
		assert.equal(credential.handleUnauthorized(START_TIME + HOUR), true);
		assert.equal(credential.handleUnauthorized(START_TIME + HOUR), false);
	});

	test("names the policy in messages, and nothing secret", () => {
		const credential = createSasKeyCredential(POLICY, new TestClock());
		assert.equal(credential.scheme, "sas");
		assert.equal(credential.identity, 'shared access policy "provisioning"');
	});
});

describe("a credential with an existing token", () => {
	const expirySeconds = START_TIME / 1_000 + 600;
	const signature = `SharedAccessSignature sr=fleet.azure-devices.net&sig=c2VjcmV0c2ln&se=${expirySeconds}&skn=ops`;

	test("uses the token unchanged while it is valid", async () => {
		const credential = createSasTokenCredential(signature, new TestClock(), SOURCE);
		assert.equal(await credential.getAuthorizationHeader(), signature);
		assert.equal(credential.identity, 'shared access policy "ops"');
		assert.equal(credential.handleUnauthorized, undefined);
		assert.equal(credential.describeClockSkew, undefined);
	});

	test("reports an expired token with the time and the remedy, without the signature", async () => {
		const clock = new TestClock();
		const credential = createSasTokenCredential(signature, clock, SOURCE);
		clock.pass(10 * MINUTE);
		await assert.rejects(credential.getAuthorizationHeader(), (error) => {
			assert.ok(error instanceof Error);
			assert.match(
				error.message,
				/^iothub:connectionString contains .* expired at 2026-03-01T08:10:00\.000Z\./,
			);
			assert.match(error.message, /az iot hub generate-sas-token/);
			assert.doesNotMatch(error.message, /c2VjcmV0c2ln/);
			return true;
		});
	});

	test("does not use a token without a readable expiry", async () => {
		const credential = createSasTokenCredential(
			"SharedAccessSignature sr=h&sig=x&se=soon",
			new TestClock(),
			SOURCE,
		);
		await assert.rejects(credential.getAuthorizationHeader(), /expired at an unreadable time/);
		assert.equal(credential.identity, "shared access signature without a policy name");
	});
});
