import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Credential } from "../../../provider/auth/credential.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { createHubClient, type HubClient } from "../../../provider/iothub/client.ts";
import { Hubs } from "../../../provider/iothub/hubs.ts";
import { createScriptedNetwork, createSettingReader, type ScriptedStep, TestClock } from "../doubles.ts";
import { createKey } from "./devices.ts";
import { createHubAnswer, createHubCall, createHubRefusal } from "./hubClient.ts";

const [OLD, NEW] = [createKey(1), createKey(2)];
const SIGNATURE = "SharedAccessSignature sr=a.example&sig=x&se=1&skn=ready";
const stringOf = (host: string, key: string, policy: string): string =>
	`HostName=${host};SharedAccessKeyName=${policy};SharedAccessKey=${key}`;
const REFUSED = createHubRefusal(401, "IotHubUnauthorizedAccess", "Unauthorized");

interface Opened {
	readonly client: HubClient;
	readonly said: string[];
	/** The policies that signed what was sent, in order. */
	signers(): (string | undefined)[];
	readonly deadline: Deadline;
}

/** The hub a.example with these connection strings, whose network plays a script. */
function opened(configured: string, environment: string, ...steps: readonly ScriptedStep[]): Opened {
	const clock = new TestClock();
	const { send, sent } = createScriptedNetwork(...steps);
	const reader = createSettingReader(
		{ "iothub:connectionString": configured },
		{ IOTHUB_CONNECTION_STRING: environment },
	);
	const said: string[] = [];
	const hub = new Hubs(reader, clock).getHub("a.example");
	const around = {
		rateLimits: { requestsPerSecond: {}, maxInFlight: 8 },
		clock,
		warn: (text: string) => void said.push(text),
	};
	return {
		client: createHubClient(hub, { network: send, ...around }),
		said,
		signers: () => sent.map(({ headers }) => /skn=(\w+)/.exec(headers["authorization"] ?? "")?.[1]),
		deadline: new Deadline("read", 20 * 60_000, clock),
	};
}

describe("a key that the hub refuses", () => {
	const CONFIGURED = stringOf("a.example", OLD, "old");
	const ROTATED = stringOf("a.example", NEW, "new");

	test("is followed by the one in the environment, which is used from then on, and said once", async () => {
		const { client, said, signers, deadline } = opened(CONFIGURED, ROTATED, REFUSED, createHubAnswer({}));
		await client.send(createHubCall(deadline));
		await client.send(createHubCall(deadline));
		await client.send(createHubCall(deadline, { permission: "twinRead" }));
		assert.deepEqual(signers(), ["old", "new", "new", "old"]);
		assert.deepEqual(said, [
			"Hub a.example cannot be used with iothub:connectionString of the stack's configuration (shared access policy " +
				'"old"). The connection string in the environment variable IOTHUB_CONNECTION_STRING (shared access policy ' +
				'"new") is used instead.',
		]);
	});

	test("is followed for each kind of permission by itself, and still said once", async () => {
		const steps = [REFUSED, createHubAnswer({}), REFUSED, createHubAnswer({}), createHubAnswer({})];
		const { client, said, signers, deadline } = opened(CONFIGURED, ROTATED, ...steps);
		await client.send(createHubCall(deadline));
		await client.send(createHubCall(deadline, { permission: "twinRead" }));
		await client.send(createHubCall(deadline, { permission: "twinRead" }));
		assert.deepEqual(signers(), ["old", "new", "old", "new", "new"]);
		assert.equal(said.length, 1);
	});

	test("may be one of several in one variable", async () => {
		const several = `${stringOf("b.example", createKey(3), "other")}\n${ROTATED}`;
		for (const text of [several, JSON.stringify(several.split("\n"))]) {
			const { client, signers, deadline } = opened(CONFIGURED, text, REFUSED, createHubAnswer({}));
			await client.send(createHubCall(deadline));
			assert.deepEqual(signers(), ["old", "new"]);
		}
	});

	test("is not followed while the hub accepts it, whatever else the hub says", async () => {
		const { client, said, signers, deadline } = opened(
			CONFIGURED,
			ROTATED,
			createHubRefusal(403, "Forbidden"),
		);
		await assert.rejects(client.send(createHubCall(deadline)), /needs the permission RegistryRead/);
		assert.deepEqual([signers(), said], [["old"], []]);
	});

	test("is told with both where neither works, and the other one is tried once", async () => {
		const { client, said, signers, deadline } = opened(CONFIGURED, ROTATED, REFUSED);
		for (const _ of [1, 2]) {
			await assert.rejects(client.send(createHubCall(deadline)), (error: Error) => {
				assert.match(error.message, /The shared access policy "old" of hub a\.example needs the permission/);
				assert.match(
					error.message,
					/IOTHUB_CONNECTION_STRING \(shared access policy "new"\) was tried and refused/,
				);
				assert.ok(!error.message.includes(OLD) && !error.message.includes(NEW));
				return true;
			});
		}
		assert.deepEqual([signers(), said], [["old", "new", "old"], []]);
	});

	test("is told with its place and what changes it, where there is no other one", async () => {
		const { client, signers, deadline } = opened(CONFIGURED, "", REFUSED);
		await assert.rejects(client.send(createHubCall(deadline)), (error: Error) => {
			assert.ok(
				error.message.endsWith(
					" The key is from iothub:connectionString in the configuration that Pulumi handed over. In `pulumi destroy` and " +
						"`pulumi refresh`, and in an `up` that leaves no dynamic resource in the program, that is the configuration of " +
						"the last `up`, whatever was set since. If the key was regenerated, put the current connection string into the " +
						"environment (`IOTHUB_CONNECTION_STRING='HostName=…' pulumi destroy`); or set iothub:connectionString and run " +
						"the command with `--run-program`, or `pulumi up` first.",
				),
				error.message,
			);
			return true;
		});
		assert.deepEqual(signers(), ["old"]);
	});

	test("is not followed by the same one, by another hub's, or by what cannot be read, and that is said", async () => {
		const others: readonly [text: string, told: RegExp][] = [
			[
				CONFIGURED,
				/was set since\. IOTHUB_CONNECTION_STRING holds the same key\. If the key was regenerated/,
			],
			[stringOf("b.example", NEW, "new"), /was set since\. If the key was regenerated/],
			[
				`SharedAccessKeyName=new;SharedAccessKey=${NEW}`,
				/IOTHUB_CONNECTION_STRING was not tried, because it cannot be read \(iothub:connectionString has no HostName/,
			],
		];
		for (const [text, told] of others) {
			const { client, signers, deadline } = opened(CONFIGURED, text, REFUSED);
			await assert.rejects(client.send(createHubCall(deadline)), (error: Error) => {
				assert.match(error.message, told);
				assert.ok(!error.message.includes(NEW));
				return true;
			});
			assert.deepEqual(signers(), ["old"]);
		}
	});

	test("of the environment is told as such", async () => {
		const { client, signers, deadline } = opened("", ROTATED, REFUSED);
		await assert.rejects(
			client.send(createHubCall(deadline)),
			/ The key is from the environment variable IOTHUB_CONNECTION_STRING\. If it was regenerated, set IOTHUB_CONNECTION_STRING to the current connection string\.$/,
		);
		assert.deepEqual(signers(), ["new"]);
	});
});

describe("a signature that has expired", () => {
	const EXPIRED = `HostName=a.example;SharedAccessSignature=${SIGNATURE}`;

	test("is followed by what the environment holds, without a request", async () => {
		const { client, said, signers, deadline } = opened(
			EXPIRED,
			stringOf("a.example", NEW, "new"),
			createHubAnswer({}),
		);
		await client.send(createHubCall(deadline));
		assert.deepEqual(signers(), ["new"]);
		assert.match(
			said[0] ?? "",
			/\(shared access policy "ready"\).* \(shared access policy "new"\) is used instead\.$/,
		);
	});

	test("is told with what changes it, where there is nothing else", async () => {
		const { client, deadline } = opened(EXPIRED, "", createHubAnswer({}));
		await assert.rejects(
			client.send(createHubCall(deadline)),
			/iothub:connectionString holds a SharedAccessSignature that expired at .*`IOTHUB_CONNECTION_STRING='HostName=…' pulumi destroy`/,
		);
	});

	test("in the environment is told as the variable's, after the configured key was refused", async () => {
		const { client, deadline } = opened(stringOf("a.example", OLD, "old"), EXPIRED, REFUSED);
		await assert.rejects(
			client.send(createHubCall(deadline)),
			/^ConfigurationError: IOTHUB_CONNECTION_STRING holds a SharedAcc/,
		);
	});
});

test("a fault that has nothing to do with the key is not hidden by another key", async () => {
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
	const spare = {
		is: "other",
		credential: { ...broken, getAuthorizationHeader: async () => "token" },
	} as const;
	const hub = {
		hostName: "a.example",
		origin: "https://a.example",
		credential: broken,
		keySource: { fallback: spare },
	};
	const around = {
		network: send,
		rateLimits: { requestsPerSecond: {}, maxInFlight: 8 },
		clock,
		warn: () => {},
	};
	const call = createHubCall(new Deadline("read", 60_000, clock));
	await assert.rejects(createHubClient(hub, around).send(call), TypeError);
	assert.equal(sent.length, 0);
});
