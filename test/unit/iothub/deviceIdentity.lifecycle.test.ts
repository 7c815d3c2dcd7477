import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Values } from "../../../provider/values.ts";
import { problemsOf } from "../../fixtures/iot-hub/swagger.ts";
import { declarations } from "./deviceInputs.ts";
import { createEmulatedHub, type EmulatedHub, type Loss } from "./emulatedHub.ts";

const RUNS = { numRuns: 200 };

async function checked({ life }: EmulatedHub, declared: Values): Promise<Values> {
	const { inputs, failures } = await life.check({}, declared);
	assert.deepEqual(failures, []);
	return inputs;
}

async function deployed(hub: EmulatedHub, declared: Values): Promise<Values> {
	return (await hub.life.create(await checked(hub, declared))).outs;
}

/** A second deployment as Pulumi carries it out: plan, then update where the plan says so. */
async function redeployed(hub: EmulatedHub, olds: Values, declared: Values): Promise<Values> {
	const news = await checked(hub, declared);
	const { changes, replaces } = await hub.life.diff("dev-1", olds, news);
	assert.deepEqual(replaces, []);
	return changes ? (await hub.life.update("dev-1", olds, news)).outs : olds;
}

async function unchanged(hub: EmulatedHub, olds: Values, declared: Values): Promise<void> {
	const { changes } = await hub.life.diff("dev-1", olds, await checked(hub, declared));
	assert.equal(changes, false, `a second plan of ${JSON.stringify(declared)}: ${hub.said.join()}`);
}

const authenticationOf = (device: Values | undefined): Values => ({
	...(device?.["authentication"] as Values),
});
const keysOf = (device: Values | undefined): unknown => authenticationOf(device)["symmetricKey"];
const typeOf = (device: Values | undefined): unknown => authenticationOf(device)["type"];
const declaresKeys = ({ authentication }: Values): boolean =>
	["symmetricKey", "derivedFrom"].some((name) => Object.hasOwn({ ...(authentication as Values) }, name));

test("whatever is declared, a second plan changes nothing", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, async (declared) => {
			const hub = createEmulatedHub();
			await unchanged(hub, await deployed(hub, declared), declared);
		}),
		RUNS,
	);
});

test("whatever is declared after whatever, a plan after the update changes nothing", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const outs = await redeployed(hub, await deployed(hub, first), second);
			await unchanged(hub, outs, second);
		}),
		RUNS,
	);
});

test("whatever is declared after whatever, keys stay that nobody declares anew", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const olds = await deployed(hub, first);
			const before = await hub.device("dev-1");
			await redeployed(hub, olds, second);
			const after = await hub.device("dev-1");
			fc.pre(typeOf(before) === typeOf(after) && !declaresKeys(second));
			assert.deepEqual(keysOf(after), keysOf(before));
		}),
		RUNS,
	);
});

test("whatever is declared after whatever, a refresh finds no difference", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const outs = await redeployed(hub, await deployed(hub, first), second);
			const { id, props } = await hub.life.read("dev-1", outs);
			assert.equal(id, "dev-1");
			assert.deepEqual(props, outs);
			await unchanged(hub, props, second);
		}),
		RUNS,
	);
});

test("whatever somebody else does, the next update puts every declared field back, and only those", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, fc.boolean(), async (declared, refreshed) => {
			const hub = createEmulatedHub();
			const olds = await deployed(hub, declared);
			const live = await hub.device("dev-1");
			await hub.request("PUT", "/devices/dev-1", { ...live, status: "disabled", statusReason: "stolen" });
			const known = refreshed ? (await hub.life.read("dev-1", olds)).props : olds;
			await unchanged(hub, await redeployed(hub, known, declared), declared);
			const after = await hub.device("dev-1");
			assert.equal(after?.["status"], declared["status"] ?? "disabled");
			assert.equal(after?.["statusReason"] || "", declared["statusReason"] ?? "stolen");
		}),
		RUNS,
	);
});

test("whatever is declared after whatever, every request is one by the official description, and the device can go", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const outs = await redeployed(hub, await deployed(hub, first), second);
			await hub.life.delete("dev-1", outs);
			assert.equal(await hub.device("dev-1"), undefined);
			const problems = hub.sent.flatMap(({ url, body, ...rest }) =>
				problemsOf({
					...rest,
					path: url.pathname,
					query: Object.fromEntries(url.searchParams),
					...(body === undefined ? {} : { body: JSON.parse(body) }),
				}),
			);
			assert.deepEqual(problems, []);
		}),
		RUNS,
	);
});

/** Up to four of the first twelve requests are lost on their way or back. */
const losses = fc
	.array(fc.constantFrom<(Loss | undefined)[]>(undefined, undefined, "request", "answer", "gateway error"), {
		maxLength: 12,
	})
	.filter((list) => list.filter((loss) => loss !== undefined).length <= 4);

test("whatever requests and answers are lost, the device is created and updated as declared, with the keys it had", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, losses, async (first, second, lost) => {
			const hub = createEmulatedHub(lost);
			const olds = await deployed(hub, first);
			const before = await hub.device("dev-1");
			const outs = await redeployed(hub, olds, second);
			const after = await hub.device("dev-1");
			await unchanged(hub, outs, second);
			assert.equal(outs["etag"], after?.["etag"]);
			assert.equal(after?.["generationId"], before?.["generationId"]);
			if (typeOf(before) === typeOf(after) && !declaresKeys(second))
				assert.deepEqual(keysOf(after), keysOf(before));
		}),
		RUNS,
	);
});

test("whatever requests and answers are lost, the device can go", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, losses, async (declared, lost) => {
			const hub = createEmulatedHub([undefined, ...lost]);
			await hub.life.delete("dev-1", await deployed(hub, declared));
			assert.equal(await hub.device("dev-1"), undefined);
		}),
		RUNS,
	);
});
