import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Credential } from "../../../provider/auth/credential.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { FAULT_MEMORY_MS } from "../../../provider/http/faultGate.ts";
import { createHubClient, type HubClient } from "../../../provider/iothub/client.ts";
import { suggestKeyRemedy } from "../../../provider/iothub/fallbackKey.ts";
import { Hubs } from "../../../provider/iothub/hubs.ts";
import { createScriptedNetwork, createSettingReader, type ScriptedStep, TestClock } from "../doubles.ts";
import { createKey } from "./devices.ts";
import { createHubAnswer, createHubCall, createHubRefusal } from "./hubClient.ts";

const [OLD, NEW] = [createKey(1), createKey(2)];
const SIGNATURE = "SharedAccessSignature sr=a.example&sig=x&se=1&skn=ready";
const stringOf = (host: string, key: string, policy: string): string =>
	`HostName=${host};SharedAccessKeyName=${policy};SharedAccessKey=${key}`;
const REFUSED = createHubRefusal(401, "IotHubUnauthorizedAccess", "Unauthorized");

interface TestHub {
	readonly client: HubClient;
	readonly warnings: string[];
	/** Returns the policies that authorized the requests, in order. */
	signers(): (string | undefined)[];
	readonly deadline: Deadline;
	readonly clock: TestClock;
}

/** Opens the hub a.example, whose network follows a script, with these connection strings. */
function openHub(configured: string, environment: string, ...steps: readonly ScriptedStep[]): TestHub {
	const clock = new TestClock();
	const { send, sent } = createScriptedNetwork(...steps);
	const reader = createSettingReader(
		{ "iothub:connectionString": configured },
		{ IOTHUB_CONNECTION_STRING: environment },
	);
	const warnings: string[] = [];
	const hub = new Hubs(reader, clock).getHub("a.example");
	const options = {
		rateLimits: { requestsPerSecond: {}, maxInFlight: 8 },
		clock,
		warn: (text: string) => void warnings.push(text),
	};
	return {
		client: createHubClient(hub, { network: send, ...options }),
		warnings,
		signers: () => sent.map(({ headers }) => /skn=(\w+)/.exec(headers["authorization"] ?? "")?.[1]),
		deadline: new Deadline("read", 20 * 60_000, clock),
		clock,
	};
}

describe("a configured key that the hub refuses", () => {
	const CONFIGURED = stringOf("a.example", OLD, "old");
	const ROTATED = stringOf("a.example", NEW, "new");

	test("is replaced by the one in the environment from then on, with one warning", async () => {
		const { client, warnings, signers, deadline } = openHub(
			CONFIGURED,
			ROTATED,
			REFUSED,
			createHubAnswer({}),
		);
		await client.send(createHubCall(deadline));
		await client.send(createHubCall(deadline));
		await client.send(createHubCall(deadline, { permission: "twinRead" }));
		assert.deepEqual(signers(), ["old", "new", "new", "old"]);
		assert.deepEqual(warnings, [
			"Hub a.example cannot be used with iothub:connectionString of the stack's configuration (shared access policy " +
				'"old"). The connection string in the environment variable IOTHUB_CONNECTION_STRING (shared access policy ' +
				'"new") is used instead.',
		]);
	});

	test("is replaced for each rate limit separately, with one warning", async () => {
		const steps = [REFUSED, createHubAnswer({}), REFUSED, createHubAnswer({}), createHubAnswer({})];
		const { client, warnings, signers, deadline } = openHub(CONFIGURED, ROTATED, ...steps);
		await client.send(createHubCall(deadline));
		await client.send(createHubCall(deadline, { permission: "twinRead" }));
		await client.send(createHubCall(deadline, { permission: "twinRead" }));
		assert.deepEqual(signers(), ["old", "new", "old", "new", "new"]);
		assert.equal(warnings.length, 1);
	});

	test("can be replaced by one of several in the variable", async () => {
		const several = `${stringOf("b.example", createKey(3), "other")}\n${ROTATED}`;
		for (const text of [several, JSON.stringify(several.split("\n"))]) {
			const { client, signers, deadline } = openHub(CONFIGURED, text, REFUSED, createHubAnswer({}));
			await client.send(createHubCall(deadline));
			assert.deepEqual(signers(), ["old", "new"]);
		}
	});

	test("is not replaced after an error other than 401", async () => {
		const { client, warnings, signers, deadline } = openHub(
			CONFIGURED,
			ROTATED,
			createHubRefusal(403, "Forbidden"),
		);
		await assert.rejects(client.send(createHubCall(deadline)), /needs the permission RegistryRead/);
		assert.deepEqual([signers(), warnings], [["old"], []]);
	});

	test("is reported together with the other one if both are refused, and the other one is tried once", async () => {
		const { client, warnings, signers, deadline, clock } = openHub(CONFIGURED, ROTATED, REFUSED);
		for (const _ of [1, 2]) {
			clock.pass(FAULT_MEMORY_MS);
			await assert.rejects(client.send(createHubCall(deadline)), (error: Error) => {
				assert.match(
					error.message,
					/The key of the shared access policy "old" of hub a\.example must be one of its two current keys/,
				);
				assert.match(
					error.message,
					/IOTHUB_CONNECTION_STRING \(shared access policy "new"\) was tried too, and was refused/,
				);
				assert.ok(!error.message.includes(OLD) && !error.message.includes(NEW));
				return true;
			});
		}
		assert.deepEqual([signers(), warnings], [["old", "new", "old"], []]);
	});

	test("is reported with its source and how to change it if there is no other one", async () => {
		const { client, signers, deadline } = openHub(CONFIGURED, "", REFUSED);
		await assert.rejects(client.send(createHubCall(deadline)), (error: Error) => {
			assert.ok(
				error.message.endsWith(
					" The key is from iothub:connectionString in the stack's configuration. If it was regenerated, run `pulumi config set " +
						"--secret iothub:connectionString 'HostName=…'` with the current connection string, and then `pulumi up`. " +
						"`pulumi destroy` and `pulumi refresh` use the configuration of the last `up`, even if it was changed since. Add " +
						"`--run-program` (`pulumi destroy --run-program`), or set the connection string in the environment " +
						"(`IOTHUB_CONNECTION_STRING='HostName=…' pulumi destroy`).",
				),
				error.message,
			);
			return true;
		});
		assert.deepEqual(signers(), ["old"]);
	});

	test("is not replaced by the same key, by another hub's, or by an unreadable one, and the error says so", async () => {
		const others: readonly [text: string, expected: RegExp][] = [
			[CONFIGURED, /IOTHUB_CONNECTION_STRING contains the same key\. If it was regenerated/],
			[stringOf("b.example", NEW, "new"), /stack's configuration\. If it was regenerated/],
			[
				`SharedAccessKeyName=new;SharedAccessKey=${NEW}`,
				/IOTHUB_CONNECTION_STRING was not tried, because it cannot be read \(iothub:connectionString has no HostName/,
			],
		];
		for (const [text, expected] of others) {
			const { client, signers, deadline } = openHub(CONFIGURED, text, REFUSED);
			await assert.rejects(client.send(createHubCall(deadline)), (error: Error) => {
				assert.match(error.message, expected);
				assert.ok(!error.message.includes(NEW));
				return true;
			});
			assert.deepEqual(signers(), ["old"]);
		}
	});

	test("is reported with the variable if it is from the environment", async () => {
		const { client, signers, deadline } = openHub("", ROTATED, REFUSED);
		await assert.rejects(
			client.send(createHubCall(deadline)),
			/ The key is from the environment variable IOTHUB_CONNECTION_STRING\. If it was regenerated, set IOTHUB_CONNECTION_STRING to the current connection string\.$/,
		);
		assert.deepEqual(signers(), ["new"]);
	});
});

describe("a signature that has expired", () => {
	const EXPIRED = `HostName=a.example;SharedAccessSignature=${SIGNATURE}`;

	test("is replaced by the key in the environment, without a request", async () => {
		const { client, warnings, signers, deadline } = openHub(
			EXPIRED,
			stringOf("a.example", NEW, "new"),
			createHubAnswer({}),
		);
		await client.send(createHubCall(deadline));
		assert.deepEqual(signers(), ["new"]);
		assert.match(
			warnings[0] ?? "",
			/\(shared access policy "ready"\).* \(shared access policy "new"\) is used instead\.$/,
		);
	});

	test("is reported with how to change it if there is no other key", async () => {
		const { client, deadline } = openHub(EXPIRED, "", createHubAnswer({}));
		await assert.rejects(
			client.send(createHubCall(deadline)),
			/iothub:connectionString contains a SharedAccessSignature that expired at .*`IOTHUB_CONNECTION_STRING='HostName=…' pulumi destroy`/,
		);
	});

	test("in the environment is reported with the variable, after the configured key was refused", async () => {
		const { client, deadline } = openHub(stringOf("a.example", OLD, "old"), EXPIRED, REFUSED);
		await assert.rejects(
			client.send(createHubCall(deadline)),
			/^ConfigurationError: IOTHUB_CONNECTION_STRING contains a SharedAcc/,
		);
	});
});

test("an error that is not about the key is not hidden by another key", async () => {
	const broken: Credential = {
		scheme: "sas",
		identity: "broken",
		getAuthorizationHeader: async () => {
			throw new TypeError("ours");
		},
		handleUnauthorized: () => false,
		describeClockSkew: () => "",
	};
	const { send, sent } = createScriptedNetwork(createHubAnswer({}));
	const clock = new TestClock();
	const fallback = {
		status: "other",
		credential: { ...broken, getAuthorizationHeader: async () => "token" },
	} as const;
	const hub = {
		hostName: "a.example",
		origin: "https://a.example",
		credential: broken,
		keySource: { fallback },
	};
	const options = {
		network: send,
		rateLimits: { requestsPerSecond: {}, maxInFlight: 8 },
		clock,
		warn: () => {},
	};
	const call = createHubCall(new Deadline("read", 60_000, clock));
	await assert.rejects(createHubClient(hub, options).send(call), TypeError);
	assert.equal(sent.length, 0);
});

test("a key in the environment counts under any host name of the hub, and signs for the configured one", async () => {
	const [classic, service, device] = ["", "service.", "device."].map((type) => `a.${type}azure-devices.net`);
	for (const [configured = "", environment = ""] of [
		[classic, service],
		[service, classic],
		[service, device],
	]) {
		const reader = createSettingReader(
			{ "iothub:connectionString": stringOf(configured, OLD, "old") },
			{ IOTHUB_CONNECTION_STRING: stringOf(environment, NEW, "new") },
		);
		const { keySource } = new Hubs(reader, new TestClock()).getHub(classic ?? "");
		const fallback = keySource?.fallback;
		assert.ok(fallback?.status === "other");
		assert.match(
			await fallback.credential.getAuthorizationHeader(),
			new RegExp(`sr=${configured}&.*skn=new$`),
		);
	}
});

test("a refused key among a provider's arguments is reported as such", () => {
	const remedy = suggestKeyRemedy({ fallback: { status: "missing" }, isFromProvider: true });
	assert.match(remedy, /^ The key is from iothub:connectionString in the provider's arguments\./);
	assert.match(
		remedy,
		/set the argument `"iothub:connectionString"` to the current connection string, and then run `pulumi up`/,
	);
	assert.doesNotMatch(remedy, /pulumi config|configuration/);
});
