import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SDK_MESSAGE_LIMITS } from "../../../provider/fleet/messageLimits.ts";
import { FleetError } from "../../../provider/fleet/reporting.ts";
import { PartialError } from "../../../provider/resource/errors.ts";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetFleet, declareGadgetRow, declareGadgets, type GadgetFleet } from "./gadgetFleet.ts";

const LOOK = { consistency: "strong" } as const;

/** Every verb that reads a fleet's state. */
const READERS: Readonly<Record<string, (life: ResourceProvider, olds: Values) => Promise<unknown>>> = {
	read: (life, olds) => life.read("hall", olds),
	diff: (life, olds) => life.diff("hall", olds, declareGadgets(declareGadgetRow(2))),
	update: (life, olds) => life.update("hall", olds, declareGadgets(declareGadgetRow(2))),
	delete: (life, olds) => life.delete("hall", olds),
	inspect: (life, olds) => life.inspectResource("hall", olds, LOOK),
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
	test("is marked by its format when it is written", async () => {
		const { life } = createGadgetFleet();
		const { outs } = await life.create(declareGadgets(declareGadgetRow(1)));
		assert.equal(outs["__membersVersion"], 1);
	});

	test("without a mark is that of 0.1.0: a plan and a refresh leave it without, an update marks it", async () => {
		const { life, said } = createGadgetFleet();
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(2)));
		const { __membersVersion: _, ...old } = outs;
		assert.equal((await life.diff(id, old, declareGadgets(declareGadgetRow(2)))).changes, false);
		assert.deepEqual((await life.read(id, old)).props, old);
		assert.deepEqual((await life.read(id, outs)).props, outs);
		assert.deepEqual(said, []);
		const { outs: after } = await life.update(id, old, declareGadgets(declareGadgetRow(2, { mode: "off" })));
		assert.equal(after["__membersVersion"], 1);
	});

	for (const [verb, run] of Object.entries(READERS)) {
		for (const version of [3, 0, "1"]) {
			test(`of format ${JSON.stringify(version)} is refused by ${verb}`, async () => {
				const deployed = await twoGadgets();
				const outs = { ...deployed.outs, __membersVersion: version };
				await assert.rejects(run(deployed.life, outs), {
					code: "LaterState",
					message:
						/^State of GadgetFleet hall was written by a later release .*install the latest release\.$/,
				});
				assertUntouched(deployed);
			});
		}

		for (const [what, broken] of Object.entries(UNREADABLE)) {
			test(`that holds ${what} is an error for ${verb}`, async () => {
				const deployed = await twoGadgets();
				const outs = { ...deployed.outs, ...broken };
				await assert.rejects(run(deployed.life, outs), {
					code: "UnreadableState",
					message: /^State of GadgetFleet hall does not tell which gadgets it has: .*`pulumi stack import`/,
				});
				assertUntouched(deployed);
			});
		}
	}

	test("that is longer than foreseen is compressed, and read again as it is", async () => {
		const { life, said } = createGadgetFleet({
			capacity: { maxStringBytes: 500, maxErrorBytes: SDK_MESSAGE_LIMITS.maxErrorBytes },
		});
		const { id, outs } = await life.create(declareGadgets(declareGadgetRow(50)));
		assert.equal(outs["__membersVersion"], 2);
		assert.match(String(outs["__members"]), /^[A-Za-z0-9+/=]+$/);
		assert.equal((await life.diff(id, outs, declareGadgets(declareGadgetRow(50)))).changes, false);
		assert.deepEqual((await life.read(id, outs)).props, outs);
		assert.deepEqual(said, []);
	});
});

describe("a failure among many members", () => {
	const capacity = { maxStringBytes: SDK_MESSAGE_LIMITS.maxStringBytes, maxErrorBytes: 2_000 };

	test("compresses what an error could not carry, which the next run reads", async () => {
		const { life, service } = createGadgetFleet({ capacity });
		const [news, error] = await failing({ life, service }, declareGadgetRow(100));
		assert.ok(error instanceof PartialError);
		assert.equal(error.properties["__membersVersion"], 2);
		assert.ok(String(error.properties["__members"]).length <= capacity.maxErrorBytes);
		assert.equal(error.properties["count"], 99);
		service.calls.splice(0);
		const { outs } = await life.update("hall", error.properties, news);
		assert.deepEqual(
			service.calls.filter((call) => call.startsWith("create")),
			["create g0"],
		);
		assert.deepEqual([outs["count"], outs["__membersVersion"]], [100, 1]);
	});

	test("leaves state alone where even that is too long, and says how to go on", async () => {
		const { life, service } = createGadgetFleet({ capacity: { ...capacity, maxErrorBytes: 50 } });
		const [, error] = await failing({ life, service }, declareGadgetRow(100));
		assert.ok(error instanceof FleetError);
		assert.match(
			error.message,
			/^The fleet is so large that .*Run the command again: it recognizes the gadgets/,
		);
		assert.match(error.message, /1 of 100 gadgets failed, the others are as declared:\n {4}g0: refused$/);
	});
});

async function failing(
	{ life, service }: Pick<GadgetFleet, "life" | "service">,
	members: Readonly<Record<string, Values>>,
): Promise<[Values, unknown]> {
	service.plan("create", new Error("refused"));
	const news = declareGadgets(members);
	return [news, await life.create(news).catch((thrown: unknown) => thrown)];
}

interface Deployed extends GadgetFleet {
	readonly outs: Values;
}

async function twoGadgets(): Promise<Deployed> {
	const fleet = createGadgetFleet();
	const { outs } = await fleet.life.create(declareGadgets(declareGadgetRow(2)));
	fleet.service.calls.splice(0);
	return { ...fleet, outs };
}

function assertUntouched({ service }: GadgetFleet): void {
	assert.deepEqual(service.calls, []);
	assert.ok(service.live("g0") && service.live("g1"));
}
