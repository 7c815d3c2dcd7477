import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SDK_MESSAGE_LIMITS } from "../../../provider/fleet/messageLimits.ts";
import { FleetError } from "../../../provider/fleet/reporting.ts";
import { PartialError } from "../../../provider/resource/errors.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetFleet, declareGadgetRow, declareGadgets, type GadgetFleet } from "./gadgetFleet.ts";

const INSPECT_OPTIONS = { consistency: "strong" } as const;

/** Every operation that reads a fleet's state. */
const READERS: Readonly<Record<string, (provider: ResourceProvider, olds: Values) => Promise<unknown>>> = {
	read: (provider, olds) => provider.read("hall", olds),
	diff: (provider, olds) => provider.diff("hall", olds, declareGadgets(declareGadgetRow(2))),
	update: (provider, olds) => provider.update("hall", olds, declareGadgets(declareGadgetRow(2))),
	delete: (provider, olds) => provider.delete("hall", olds),
	inspect: (provider, olds) => provider.inspectResource("hall", olds, INSPECT_OPTIONS),
};

const UNREADABLE: Readonly<Record<string, Values>> = {
	"no text": { __members: 5 },
	"nothing at all": { __members: undefined },
	"an object": { __members: { g0: {} } },
	"no JSON": { __members: '{"g0":' },
	"a list": { __members: "[]" },
	"members that are no objects": { __members: '{"g0":{},"g1":5}' },
	"a compressed text that is none": { __members: '{"g0":{}}', __membersVersion: 2 },
};

describe("state of a fleet", () => {
	test("contains its format", async () => {
		const { provider } = createGadgetFleet();
		const { outs } = await provider.create(declareGadgets(declareGadgetRow(1)));
		assert.equal(outs["__membersVersion"], 1);
	});

	test("without a format is from release 0.1.0: a plan and a refresh keep it unchanged, and an update adds the format", async () => {
		const { provider, warnings } = createGadgetFleet();
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(2)));
		const { __membersVersion: _, ...old } = outs;
		assert.equal((await provider.diff(id, old, declareGadgets(declareGadgetRow(2)))).changes, false);
		assert.deepEqual((await provider.read(id, old)).props, old);
		assert.deepEqual((await provider.read(id, outs)).props, outs);
		assert.deepEqual(warnings, []);
		const { outs: after } = await provider.update(
			id,
			old,
			declareGadgets(declareGadgetRow(2, { mode: "off" })),
		);
		assert.equal(after["__membersVersion"], 1);
	});

	for (const [verb, run] of Object.entries(READERS)) {
		for (const version of [3, 0, "1"]) {
			test(`in format ${JSON.stringify(version)} is refused by ${verb}`, async () => {
				const deployed = await deployTwoGadgets();
				const outs = { ...deployed.outs, __membersVersion: version };
				await assert.rejects(run(deployed.provider, outs), {
					code: "LaterState",
					message:
						/^The state of GadgetFleet hall was written by a later release .*Install the latest release\.$/,
				});
				assertUnchanged(deployed);
			});
		}

		for (const [what, broken] of Object.entries(UNREADABLE)) {
			test(`that holds ${what} is an error for ${verb}`, async () => {
				const deployed = await deployTwoGadgets();
				const outs = { ...deployed.outs, ...broken };
				await assert.rejects(run(deployed.provider, outs), {
					code: "UnreadableState",
					message:
						/^The state of GadgetFleet hall does not show which gadgets it has: .*`pulumi stack import`/,
				});
				assertUnchanged(deployed);
			});
		}
	}

	test("that is longer than estimated is compressed, and can be read again", async () => {
		const { provider, warnings } = createGadgetFleet({
			messageLimits: { maxStringBytes: 500, maxErrorBytes: SDK_MESSAGE_LIMITS.maxErrorBytes },
		});
		const { id, outs } = await provider.create(declareGadgets(declareGadgetRow(50)));
		assert.equal(outs["__membersVersion"], 2);
		assert.match(String(outs["__members"]), /^[A-Za-z0-9+/=]+$/);
		assert.equal((await provider.diff(id, outs, declareGadgets(declareGadgetRow(50)))).changes, false);
		assert.deepEqual((await provider.read(id, outs)).props, outs);
		assert.deepEqual(warnings, []);
	});
});

describe("the failure of one member among many", () => {
	const messageLimits = { maxStringBytes: SDK_MESSAGE_LIMITS.maxStringBytes, maxErrorBytes: 2_000 };

	test("compresses outputs that are too long for the error, and the next run reads them", async () => {
		const { provider, service } = createGadgetFleet({ messageLimits });
		const [news, error] = await createFailing({ provider, service }, declareGadgetRow(100));
		assert.ok(error instanceof PartialError);
		assert.equal(error.properties["__membersVersion"], 2);
		assert.ok(String(error.properties["__members"]).length <= messageLimits.maxErrorBytes);
		assert.equal(error.properties["count"], 99);
		service.calls.splice(0);
		const { outs } = await provider.update("hall", error.properties, news);
		assert.deepEqual(
			service.calls.filter((call) => call.startsWith("create")),
			["create g0"],
		);
		assert.deepEqual([outs["count"], outs["__membersVersion"]], [100, 1]);
	});

	test("leaves state unchanged if even the compressed outputs are too long, and says what to do", async () => {
		const { provider, service } = createGadgetFleet({
			messageLimits: { ...messageLimits, maxErrorBytes: 50 },
		});
		const [, error] = await createFailing({ provider, service }, declareGadgetRow(100));
		assert.ok(error instanceof FleetError);
		assert.match(
			error.message,
			/^The fleet is so large that .*Run the command again: it recognizes the gadgets/,
		);
		assert.match(error.message, /1 of 100 gadgets failed; the others are as declared:\n {4}g0: refused$/);
	});
});

async function createFailing(
	{ provider, service }: Pick<GadgetFleet, "provider" | "service">,
	members: Readonly<Record<string, Values>>,
): Promise<[Values, unknown]> {
	service.plan("create", new Error("refused"));
	const news = declareGadgets(members);
	return [news, await provider.create(news).catch((thrown: unknown) => thrown)];
}

interface Deployed extends GadgetFleet {
	readonly outs: Values;
}

async function deployTwoGadgets(): Promise<Deployed> {
	const fleet = createGadgetFleet();
	const { outs } = await fleet.provider.create(declareGadgets(declareGadgetRow(2)));
	fleet.service.calls.splice(0);
	return { ...fleet, outs };
}

function assertUnchanged({ service }: GadgetFleet): void {
	assert.deepEqual(service.calls, []);
	assert.ok(service.live("g0") && service.live("g1"));
}
