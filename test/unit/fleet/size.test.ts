import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseMembers } from "../../../provider/fleet/declaredMembers.ts";
import { SDK_MESSAGE_LIMITS } from "../../../provider/fleet/messageLimits.ts";
import { estimateStateBytes } from "../../../provider/fleet/size.ts";
import { MAX_TEXT_BYTES } from "../../../provider/sdk/fleetInput.ts";
import type { Values } from "../../../provider/values.ts";
import { createGadgetFleet, declareGadgetRow, declareGadgets } from "./gadgetFleet.ts";

const ERROR = SDK_MESSAGE_LIMITS.maxErrorBytes;

/** Gadgets that need as much state as they can: parents, secrets, identities that the service does not return. */
const MIXED: Readonly<Record<string, Values>> = {
	plain: {},
	"ünïcode \u0001 €": { note: 'quotes " and ünïcode' },
	top: { labels: ["x", "y"], mode: "off" },
	leaf: { parent: "top", lamp: { colour: "RED", level: "9" } },
	locked: { lock: { pin: "1234", owner: "Ada" } },
	sealed: { seal: "a".repeat(64) },
};

describe("a fleet that is too large for one string", () => {
	test("is refused before any request if its state would be too long", async () => {
		const { provider, service } = createGadgetFleet({
			messageLimits: { maxStringBytes: 5_000, maxErrorBytes: ERROR },
		});
		const { failures } = await provider.check({}, declareGadgets(declareGadgetRow(400)));
		assert.deepEqual(failures, [
			{
				property: "",
				reason:
					"400 gadgets are too many for one fleet: their state would be " +
					`${stateSizeOf(declareGadgetRow(400)).toLocaleString("en-US")} bytes, and Pulumi's SDK can send at most 5,000 bytes at ` +
					"once. About 76 gadgets like these fit; split them into several fleets.",
			},
		]);
		assert.deepEqual(service.calls, []);
		assert.deepEqual((await provider.check({}, declareGadgets(declareGadgetRow(76)))).failures, []);
	});

	test("is refused if its declaration is too long, with no other failure", async () => {
		const { provider } = createGadgetFleet({
			messageLimits: { maxStringBytes: 5_000, maxErrorBytes: ERROR },
		});
		const { failures } = await provider.check(
			{},
			declareGadgets(declareGadgetRow(10, { note: "x".repeat(1_000), colour: "red" })),
		);
		assert.equal(failures.length, 1);
		assert.match(failures[0]?.reason ?? "", /^10 gadgets .*: their declaration is 10,[\d]+ bytes,/);
		assert.match(failures[0]?.reason ?? "", /About 4 gadgets like these fit; split them/);
	});

	test("is measured in bytes instead of characters", async () => {
		const { provider } = createGadgetFleet({
			messageLimits: { maxStringBytes: 5_000, maxErrorBytes: ERROR },
		});
		const check = async (note: string) =>
			(await provider.check({}, declareGadgets({ g: { note } }))).failures.length;
		assert.deepEqual([await check("x".repeat(2_000)), await check("€".repeat(2_000))], [0, 1]);
	});

	test("is refused for invalid members before its state is measured", async () => {
		const { provider } = createGadgetFleet({ messageLimits: { maxStringBytes: 300, maxErrorBytes: ERROR } });
		const { failures } = await provider.check({}, declareGadgets(declareGadgetRow(4, { mode: "sideways" })));
		assert.equal(failures.length, 4);
		assert.match(failures[0]?.reason ?? "", /sideways/);
	});
});

test("the estimated size of state leaves some room", async () => {
	const { provider } = createGadgetFleet();
	const { outs } = await provider.create(declareGadgets(MIXED));
	const actual = Buffer.byteLength(String(outs["__members"]));
	const estimated = stateSizeOf(MIXED);
	assert.ok(estimated >= actual + 24 * Object.keys(MIXED).length, `${estimated} for ${actual}`);
	assert.ok(estimated < 2 * actual, `${estimated} for ${actual}`);
});

test("the program half and the provider have the same limit, and three such strings fit in one message of 400 MiB", () => {
	assert.equal(MAX_TEXT_BYTES, SDK_MESSAGE_LIMITS.maxStringBytes);
	assert.ok(3 * SDK_MESSAGE_LIMITS.maxStringBytes < 400 * 2 ** 20);
});

function stateSizeOf(members: Readonly<Record<string, Values>>): number {
	const fleet = declareGadgets(members);
	return estimateStateBytes(createGadgetFleet().fleetType, {
		fleetInputs: fleet,
		declaredMembers: parseMembers(fleet["gadgets"]) ?? new Map(),
	});
}
