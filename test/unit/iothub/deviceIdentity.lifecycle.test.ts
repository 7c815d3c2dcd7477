import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Values } from "../../../provider/values.ts";
import { problemsOf } from "../../fixtures/iot-hub/swagger.ts";
import { declarations } from "./deviceInputs.ts";
import { createEmulatedHub, type EmulatedHub, type Loss } from "./emulatedHub.ts";

const RUNS = { numRuns: 200 };

async function check({ provider }: EmulatedHub, declared: Values): Promise<Values> {
	const { inputs, failures } = await provider.check({}, declared);
	assert.deepEqual(failures, []);
	return inputs;
}

async function deploy(hub: EmulatedHub, declared: Values): Promise<Values> {
	return (await hub.provider.create(await check(hub, declared))).outs;
}

/** Deploys again as Pulumi does: a plan, then an update if the plan finds changes. */
async function redeploy(hub: EmulatedHub, olds: Values, declared: Values): Promise<Values> {
	const inputs = await check(hub, declared);
	const { changes, replaces } = await hub.provider.diff("dev-1", olds, inputs);
	assert.deepEqual(replaces, []);
	return changes ? (await hub.provider.update("dev-1", olds, inputs)).outs : olds;
}

async function assertUnchanged(hub: EmulatedHub, olds: Values, declared: Values): Promise<void> {
	const { changes } = await hub.provider.diff("dev-1", olds, await check(hub, declared));
	assert.equal(changes, false, `a second plan of ${JSON.stringify(declared)}: ${hub.warnings.join()}`);
}

const authenticationOf = (device: Values | undefined): Values => ({
	...(device?.["authentication"] as Values),
});
const keysOf = (device: Values | undefined): unknown => authenticationOf(device)["symmetricKey"];
const typeOf = (device: Values | undefined): unknown => authenticationOf(device)["type"];
const declaresKeys = ({ authentication }: Values): boolean =>
	["symmetricKey", "derivedFrom"].some((name) => Object.hasOwn({ ...(authentication as Values) }, name));

test("a second plan of any declaration changes nothing", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, async (declared) => {
			const hub = createEmulatedHub();
			await assertUnchanged(hub, await deploy(hub, declared), declared);
		}),
		RUNS,
	);
});

test("a plan after any update changes nothing", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const outs = await redeploy(hub, await deploy(hub, first), second);
			await assertUnchanged(hub, outs, second);
		}),
		RUNS,
	);
});

test("keys that are not newly declared do not change in any update", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const olds = await deploy(hub, first);
			const before = await hub.device("dev-1");
			await redeploy(hub, olds, second);
			const after = await hub.device("dev-1");
			fc.pre(typeOf(before) === typeOf(after) && !declaresKeys(second));
			assert.deepEqual(keysOf(after), keysOf(before));
		}),
		RUNS,
	);
});

test("a refresh after any update finds no difference", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const outs = await redeploy(hub, await deploy(hub, first), second);
			const { id, props } = await hub.provider.read("dev-1", outs);
			assert.equal(id, "dev-1");
			assert.deepEqual(props, outs);
			await assertUnchanged(hub, props, second);
		}),
		RUNS,
	);
});

test("an update after any change outside Pulumi restores every declared field, and no other", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, fc.boolean(), async (declared, refreshed) => {
			const hub = createEmulatedHub();
			const olds = await deploy(hub, declared);
			const live = await hub.device("dev-1");
			await hub.request("PUT", "/devices/dev-1", { ...live, status: "disabled", statusReason: "stolen" });
			const known = refreshed ? (await hub.provider.read("dev-1", olds)).props : olds;
			await assertUnchanged(hub, await redeploy(hub, known, declared), declared);
			const after = await hub.device("dev-1");
			assert.equal(after?.["status"], declared["status"] ?? "disabled");
			assert.equal(after?.["statusReason"] || "", declared["statusReason"] ?? "stolen");
		}),
		RUNS,
	);
});

test("every request of any update matches the official description, and the device can be deleted", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, async (first, second) => {
			const hub = createEmulatedHub();
			const outs = await redeploy(hub, await deploy(hub, first), second);
			await hub.provider.delete("dev-1", outs);
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

/** Generates losses of up to four of the first twelve requests or their responses. */
const losses = fc
	.array(fc.constantFrom<(Loss | undefined)[]>(undefined, undefined, "request", "answer", "gateway error"), {
		maxLength: 12,
	})
	.filter((list) => list.filter((loss) => loss !== undefined).length <= 4);

test("the device is created and updated as declared, and keeps its keys, if any requests and responses are lost", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, declarations, losses, async (first, second, lost) => {
			const hub = createEmulatedHub(lost);
			const olds = await deploy(hub, first);
			const before = await hub.device("dev-1");
			const outs = await redeploy(hub, olds, second);
			const after = await hub.device("dev-1");
			await assertUnchanged(hub, outs, second);
			assert.equal(outs["etag"], after?.["etag"]);
			assert.equal(after?.["generationId"], before?.["generationId"]);
			if (typeOf(before) === typeOf(after) && !declaresKeys(second))
				assert.deepEqual(keysOf(after), keysOf(before));
		}),
		RUNS,
	);
});

test("the device can be deleted if any requests and responses are lost", async () => {
	await fc.assert(
		fc.asyncProperty(declarations, losses, async (declared, lost) => {
			const hub = createEmulatedHub([undefined, ...lost]);
			await hub.provider.delete("dev-1", await deploy(hub, declared));
			assert.equal(await hub.device("dev-1"), undefined);
		}),
		RUNS,
	);
});
