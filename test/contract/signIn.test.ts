import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { CREDENTIAL_FACTORIES } from "../../provider/auth/entra.methods.ts";
import { createGraphService } from "../../provider/graph/service.ts";
import { createIotHubService } from "../../provider/iothub/service.ts";
import type { ResourceProvider } from "../../provider/resource/resourceProvider.ts";
import { PREVIEW_INPUT } from "../../provider/stateKeys.ts";
import { prepareErrorForHost } from "../../provider/userErrors.ts";
import { declareKiosk, declareKiosks, formatSerial } from "./autopilotFleet/withFleet.ts";
import { declareDeviceFleet, declarePlainDevices } from "./deviceFleet/withFleet.ts";
import { QuickClock } from "./harness/clocks.ts";
import { MessageRecorder } from "./harness/messages.ts";
import type { Values } from "./subject/subject.ts";

const HUB = "plant.azure-devices.net";
const OTHER_HUB = "depot.azure-devices.net";
const REASON = /sign-in by clientSecret failed: AADSTS7000215/;

/** A process whose client secret is wrong, until {@link Process.mend}. */
interface Process {
	readonly providers: Readonly<
		Record<"deviceIdentity" | "deviceFleet" | "autopilotIdentity" | "autopilotFleet", ResourceProvider>
	>;
	readonly clock: QuickClock;
	readonly words: MessageRecorder;
	/** Returns the number of sign-ins so far. */
	count(): number;
	/** Makes the secret valid. */
	mend(): void;
}

function openProcess(t: TestContext): Process {
	let attempts = 0;
	let isWrong = true;
	const getToken = async () => {
		attempts++;
		await new Promise((resolve) => setImmediate(resolve));
		if (isWrong) throw new Error("AADSTS7000215: Invalid client secret provided.");
		return { token: "t", expiresOnTimestamp: Date.now() + 3_600_000 };
	};
	t.mock.method(CREDENTIAL_FACTORIES, "clientSecret", () => async () => ({ getToken }));
	const settings: Readonly<Record<string, string>> = {
		"iothub:credential": "clientSecret",
		"autopilot:credential": "clientSecret",
	};
	const words = new MessageRecorder();
	const clock = new QuickClock();
	const network = async ({ headers }: { headers: Readonly<Record<string, string>> }) => {
		assert.equal(headers["authorization"], "Bearer t", "no request is sent without a token");
		return { status: 404, headers: {}, text: '{"Message":"ErrorCode:DeviceNotFound;x"}' };
	};
	const options = {
		sources: { config: (key: string) => settings[key], env: {} },
		clock,
		warn: words.say,
		network,
	};
	const { deviceIdentity, deviceFleet } = createIotHubService(options);
	const { autopilotIdentity, autopilotFleet } = createGraphService(options);
	return {
		providers: { deviceIdentity, deviceFleet, autopilotIdentity, autopilotFleet },
		clock,
		words,
		count: () => attempts,
		mend: () => {
			isWrong = false;
		},
	};
}

/** Does the work at the same time and returns the messages of its errors as Pulumi shows them. */
async function collectMessages(work: readonly Promise<unknown>[]): Promise<string[]> {
	const messages: string[] = [];
	const show = (error: unknown): void => {
		prepareErrorForHost(error, { typeName: "Resource", storedText: "" });
		messages.push((error as Error).message);
	};
	await Promise.all(work.map((each) => each.then(() => assert.fail("it succeeded"), show)));
	return messages;
}

function assertToldOnce(messages: readonly string[]): void {
	assert.equal(messages.filter((message) => REASON.test(message)).length, 1);
	const others = messages.filter((message) => !REASON.test(message));
	for (const message of others) assert.match(message, /for a reason that affects both\. .*\[SharedFault\]$/);
}

const DEVICE_STATE = { deviceId: "d", hubHostName: HUB, etag: "AAAA", generationId: "1", __declared: [] };
const MACHINE_STATE = { id: "m", serialNumber: "5CG0", etag: "AAAA", __declared: [] };

/** Starts this operation on one of many devices or machines. */
const OPERATIONS: Readonly<
	Record<string, (provider: ResourceProvider, at: number, state: Values) => Promise<unknown>>
> = {
	create: (provider, at, state) =>
		"deviceId" in state
			? provider.create({ deviceId: `d-${at}`, hubHostName: at % 2 === 0 ? HUB : OTHER_HUB })
			: provider.create({ ...declareKiosk(formatSerial(at)), serialNumber: formatSerial(at) }),
	read: (provider, at, state) => provider.read(`d-${at}`, state),
	update: (provider, at, state) =>
		provider.update(
			`d-${at}`,
			state,
			"deviceId" in state ? { ...state, status: "disabled" } : { ...state, groupTag: "x" },
		),
	delete: (provider, at, state) => provider.delete(`d-${at}`, state),
	diff: (provider, at, state) => provider.diff(`d-${at}`, state, state),
};

describe("a wrong client secret leads to one sign-in and one report", () => {
	for (const [name, state] of [
		["deviceIdentity", DEVICE_STATE],
		["autopilotIdentity", MACHINE_STATE],
	] as const) {
		for (const [operation, start] of Object.entries(OPERATIONS)) {
			test(`when a thousand resources ${name} ${operation}`, async (t) => {
				const { providers, count, words } = openProcess(t);
				const messages: string[] = [];
				// The engine plans one resource after the other and does everything else at the same time.
				const [rounds, width] = operation === "diff" ? [1_000, 1] : [1, 1_000];
				for (let round = 0; round < rounds; round++) {
					const work = Array.from({ length: width }, (_, at) => start(providers[name], round + at, state));
					messages.push(...(await collectMessages(work)));
				}
				assertToldOnce(messages);
				const later = await collectMessages([start(providers[name], 0, state)]);
				assert.ok(!REASON.test(later.join()));
				assert.equal(count(), 1);
				assert.deepEqual(words.said, []);
			});
		}
	}

	for (const [name, inputs, noun] of [
		["deviceFleet", { ...declareDeviceFleet(declarePlainDevices(10_000)), hubHostName: HUB }, "devices"],
		["autopilotFleet", { machines: JSON.stringify(declareKiosks(300)) }, "machines"],
	] as const) {
		test(`when a fleet of many ${noun} is created, with the number of those that were not tried`, async (t) => {
			const { providers, count } = openProcess(t);
			const [message = ""] = await collectMessages([providers[name].create(inputs)]);
			assert.match(message, new RegExp(`^\\d+ of \\d+ ${noun} (failed|were not tried)`));
			assert.match(message, /not tried, since they would fail for the same reason/);
			assert.equal(message.match(new RegExp(REASON, "g"))?.length, 1);
			assert.equal(count(), 1);
		});
	}

	test("when devices of several hubs, with pauses between them, are created one after the other", async (t) => {
		const { providers, count, clock } = openProcess(t);
		const messages: string[] = [];
		for (let at = 0; at < 20; at++) {
			clock.jump(2_900);
			messages.push(
				...(await collectMessages([
					providers.deviceIdentity.create({
						deviceId: `d-${at}`,
						hubHostName: `hub-${at}.azure-devices.net`,
					}),
				])),
			);
		}
		assertToldOnce(messages);
		assert.equal(count(), 1);
	});

	test("when a preview has already signed in", async (t) => {
		const { providers, count } = openProcess(t);
		const news = { deviceId: "d", hubHostName: HUB, [PREVIEW_INPUT]: true };
		const { failures } = await providers.deviceIdentity.check({}, news);
		assert.match(String(failures[0]?.reason), REASON);
		await collectMessages([providers.deviceIdentity.diff("d", DEVICE_STATE, DEVICE_STATE)]);
		assert.equal(count(), 1);
	});
});

test("a later operation of the same process signs in again, and succeeds once the secret is valid", async (t) => {
	const { providers, count, clock, mend } = openProcess(t);
	await collectMessages([providers.deviceIdentity.read("d", DEVICE_STATE)]);
	mend();
	await collectMessages([providers.deviceIdentity.read("d", DEVICE_STATE)]);
	assert.equal(count(), 1);
	clock.jump(60_000);
	assert.equal((await providers.deviceIdentity.read("d", DEVICE_STATE)).id, "", "the device is gone");
	assert.equal(count(), 2);
});
