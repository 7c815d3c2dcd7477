import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseMembers } from "../../../provider/fleet/declaredMembers.ts";
import { SDK_MESSAGE_LIMITS } from "../../../provider/fleet/messageLimits.ts";
import { estimateStateBytes } from "../../../provider/fleet/size.ts";
import { MAX_TEXT_BYTES } from "../../../provider/sdk/fleetInput.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetFleet, declareGadgetRow, declareGadgets } from "./gadgetFleet.ts";

const ERROR = SDK_MESSAGE_LIMITS.maxErrorBytes;

/** Gadgets that leave as much as they can in state: parents, secrets, identities that nobody sees again. */
const MIXED: Readonly<Record<string, Values>> = {
	plain: {},
	"ünïcode \u0001 €": { note: 'quotes " and ünïcode' },
	top: { labels: ["x", "y"], mode: "off" },
	leaf: { parent: "top", lamp: { colour: "RED", level: "9" } },
	locked: { lock: { pin: "1234", owner: "Ada" } },
	sealed: { seal: "a".repeat(64) },
};

describe("a fleet that one text can't hold", () => {
	test("is refused before any request where state would have to keep too much of it", async () => {
		const { life, service } = createGadgetFleet({
			capacity: { maxStringBytes: 5_000, maxErrorBytes: ERROR },
		});
		const { failures } = await life.check({}, declareGadgets(declareGadgetRow(400)));
		assert.deepEqual(failures, [
			{
				property: "",
				reason:
					"400 gadgets are too many for one fleet: what state keeps of them would be " +
					`${stateSizeOf(declareGadgetRow(400)).toLocaleString("en-US")} bytes of text, and Pulumi's SDK can send at most 5,000 bytes at ` +
					"once. About 76 gadgets like these fit; split them into several fleets.",
			},
		]);
		assert.deepEqual(service.calls, []);
		assert.deepEqual((await life.check({}, declareGadgets(declareGadgetRow(76)))).failures, []);
	});

	test("is refused where its declaration is too long, and nothing else is said of it", async () => {
		const { life } = createGadgetFleet({ capacity: { maxStringBytes: 5_000, maxErrorBytes: ERROR } });
		const { failures } = await life.check(
			{},
			declareGadgets(declareGadgetRow(10, { note: "x".repeat(1_000), colour: "red" })),
		);
		assert.equal(failures.length, 1);
		assert.match(failures[0]?.reason ?? "", /^10 gadgets .*: their declaration is 10,[\d]+ bytes of text/);
		assert.match(failures[0]?.reason ?? "", /About 4 gadgets like these fit; split them/);
	});

	test("counts bytes and not characters", async () => {
		const { life } = createGadgetFleet({ capacity: { maxStringBytes: 5_000, maxErrorBytes: ERROR } });
		const check = async (note: string) =>
			(await life.check({}, declareGadgets({ g: { note } }))).failures.length;
		assert.deepEqual([await check("x".repeat(2_000)), await check("€".repeat(2_000))], [0, 1]);
	});

	test("is accepted where its members are not known yet, and told of other faults first", async () => {
		const { life } = createGadgetFleet({ capacity: { maxStringBytes: 300, maxErrorBytes: ERROR } });
		const { failures } = await life.check({}, declareGadgets(declareGadgetRow(4, { mode: "sideways" })));
		assert.equal(failures.length, 4);
		assert.match(failures[0]?.reason ?? "", /sideways/);
	});
});

test("what state will keep is foreseen with some room for more", async () => {
	const { life } = createGadgetFleet();
	const { outs } = await life.create(declareGadgets(MIXED));
	const kept = Buffer.byteLength(String(outs["__members"]));
	const foreseen = stateSizeOf(MIXED);
	assert.ok(foreseen >= kept + 24 * Object.keys(MIXED).length, `${foreseen} for ${kept}`);
	assert.ok(foreseen < 2 * kept, `${foreseen} for ${kept}`);
});

test("the program half and the provider have the same bound, and three such texts fit in one message of 400 MiB", () => {
	assert.equal(MAX_TEXT_BYTES, SDK_MESSAGE_LIMITS.maxStringBytes);
	assert.ok(3 * SDK_MESSAGE_LIMITS.maxStringBytes < 400 * 2 ** 20);
});

function stateSizeOf(members: Readonly<Record<string, Values>>): number {
	const fleet = declareGadgets(members);
	return estimateStateBytes(createGadgetFleet().kind, {
		fleetInputs: fleet,
		declaredMembers: parseMembers(fleet["gadgets"]) ?? new Map(),
	});
}
