import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { InspectOptions } from "../../../provider/resource/inspect.ts";
import { createGadgetProvider, declareGadget } from "./gadgetProvider.ts";

const RECENT: InspectOptions = { consistency: "eventual" };

test("an object with its deployed etag is unchanged, and takes one request and no message", async () => {
	const { provider, deploy, service, warnings } = createGadgetProvider();
	const outputs = await deploy(declareGadget({ note: "x" }));
	service.calls.length = 0;
	assert.deepEqual(await provider.inspectResource("a", outputs, RECENT), {
		status: "unchanged",
		label: "a",
		differences: [],
	});
	assert.deepEqual(service.calls, ["probe a"]);
	await provider.inspectResource("a", outputs, { consistency: "strong" });
	assert.deepEqual(service.calls, ["probe a", "probe a exactly"]);
	assert.deepEqual(warnings, []);
});

test("an object with another etag is unchanged as long as every declared field is", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const outputs = await deploy(declareGadget({ note: "x" }));
	service.change("a", { mode: "off" });
	assert.equal((await provider.inspectResource("a", outputs, RECENT)).status, "unchanged");
});

test("a changed field is reported with its three values, as in plans", async () => {
	const { provider, deploy, service, warnings } = createGadgetProvider();
	const outputs = await deploy(declareGadget({ note: "x", lock: { pin: "12" } }));
	service.change("a", { note: "theirs", lock: { pin: "34" } });
	assert.deepEqual(await provider.inspectResource("a", outputs, RECENT), {
		status: "changed",
		label: "a",
		differences: [
			{
				path: "note",
				last: { path: "note", value: "x" },
				live: { path: "note", value: "theirs" },
				declared: { path: "note", value: "x" },
			},
			{
				path: "lock.pin",
				last: { path: "lock.pin", value: "21", secret: true },
				live: { path: "lock.pin", value: "43", secret: true },
				declared: { path: "lock.pin", value: "21", secret: true },
			},
		],
		message:
			"Gadget a was changed outside Pulumi since the last deployment:\n" +
			'    note: "x" at the last deployment, "theirs" now, "x" declared\n' +
			"    lock.pin: key 21 at the last deployment, key 43 now, key 21 declared",
	});
	assert.deepEqual(warnings, []);
});

test("a missing object is reported as deleted, with the id of its replacement", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const outputs = await deploy(declareGadget());
	service.drop("a");
	assert.deepEqual(await provider.inspectResource("a", outputs, RECENT), {
		status: "deleted",
		label: "a",
		differences: [],
		message: "Gadget a was deleted outside Pulumi since the last deployment",
	});
	let asked = 0;
	service.findReplacement = async () => {
		asked++;
		return "a-2";
	};
	const { successor, message } = await provider.inspectResource("a", outputs, RECENT);
	assert.equal(successor, "a-2");
	assert.match(message ?? "", /, and the same one exists again as a-2$/);
	assert.equal(asked, 1);
});

test("an object that was just created is reported missing only after several reads", async () => {
	const { provider, deploy, service } = createGadgetProvider({
		resourceType: { getCreatedAt: () => Date.UTC(2026, 2, 1, 8) },
	});
	const outputs = await deploy(declareGadget());
	service.blind = 2;
	assert.equal((await provider.inspectResource("a", outputs, RECENT)).status, "unchanged");
});

test("another object with the same id is reported as created again, with the fields that differ", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const outputs = await deploy(declareGadget({ note: "x" }));
	service.put("a", { note: "x" });
	const same = await provider.inspectResource("a", outputs, RECENT);
	assert.equal(same.status, "recreated");
	assert.equal(
		same.message,
		"Gadget a was deleted and created again outside Pulumi since the last deployment; its pin is new",
	);
	service.put("a", {});
	const { differences, message } = await provider.inspectResource("a", outputs, RECENT);
	assert.deepEqual(
		differences.map(({ path }) => path),
		["note"],
	);
	assert.match(message ?? "", /is new:\n {4}note: "x" at the last deployment, none now, "x" declared$/);
});

test("a note about undeclared fields is a change with a message only", async () => {
	const words = {
		conflictAdvice: "",
		recreatedNote: "",
		describeChange: () => "was changed",
		formatRefreshNote: () => "had its pin changed",
	};
	const { provider, deploy, service } = createGadgetProvider({ resourceType: { messages: words } });
	const outputs = await deploy(declareGadget({ note: "x" }));
	assert.equal(
		(await provider.inspectResource("a", outputs, RECENT)).status,
		"unchanged",
		"an equal etag proves it",
	);
	service.change("a", { lock: { pin: "9" } });
	assert.deepEqual(await provider.inspectResource("a", outputs, RECENT), {
		status: "changed",
		label: "a",
		differences: [],
		message: "Gadget a had its pin changed",
	});
	service.change("a", { note: "theirs" });
	const { message } = await provider.inspectResource("a", outputs, RECENT);
	assert.match(
		message ?? "",
		/^Gadget a was changed[^\n]*\n[^\n]*"theirs" now[^\n]*\nGadget a had its pin changed$/,
	);
});

describe("drift that an earlier refresh took into state", () => {
	test("is still drift, from the value of the last deployment", async () => {
		const { provider, deploy, service } = createGadgetProvider();
		const outputs = await deploy(declareGadget({ note: "x", labels: ["l"] }));
		service.change("a", { note: "theirs" });
		const { props } = await provider.read("a", outputs);
		const untouched = await provider.inspectResource("a", props, RECENT);
		assert.match(untouched.message ?? "", /note: "x" at the last deployment, "theirs" now, "x" declared$/);
		service.change("a", { note: "more", labels: [] });
		const { differences } = await provider.inspectResource("a", props, RECENT);
		assert.deepEqual(
			differences.map(({ path, last, live }) => [path, last?.value, live?.value]),
			[
				["note", "x", "more"],
				["labels", '["l"]', "[]"],
			],
		);
	});

	test("is not drift any more if somebody undid it", async () => {
		const { provider, deploy, service } = createGadgetProvider();
		const outputs = await deploy(declareGadget({ note: "x" }));
		service.change("a", { note: "theirs" });
		const { props } = await provider.read("a", outputs);
		service.change("a", { note: "x" });
		assert.equal((await provider.inspectResource("a", props, RECENT)).status, "unchanged");
	});
});

describe("a value that could not be decrypted", () => {
	test("is not compared, neither itself nor a value within it or around it", async () => {
		const { provider, deploy, service } = createGadgetProvider();
		const outputs = await deploy(declareGadget({ note: "x", lamp: { colour: "red" }, labels: ["a"] }));
		const { note, lamp, ...rest } = outputs;
		service.change("a", { lamp: { colour: "blue" }, labels: ["b"] });
		const look = { ...RECENT, encryptedPaths: ["note", "lamp", "labels.0"] };
		assert.equal((await provider.inspectResource("a", rest, look)).status, "unchanged");
		assert.equal((await provider.inspectResource("a", rest, RECENT)).status, "changed");
	});

	test("prevents reading an object that it identifies", async () => {
		const { provider, deploy, service } = createGadgetProvider();
		const { place, ...outputs } = await deploy(declareGadget());
		service.calls.length = 0;
		await assert.rejects(provider.inspectResource("a", outputs, { ...RECENT, encryptedPaths: ["place"] }), {
			code: "AddressWithheld",
			message:
				"Gadget a cannot be located: its place is encrypted in this state. Export the state with --show-secrets.",
		});
		assert.deepEqual(service.calls, []);
	});

	test("prevents taking another object for a deleted one", async () => {
		const { provider, deploy, service } = createGadgetProvider();
		const outputs = await deploy(declareGadget({ seal: "s" }));
		service.drop("a");
		service.findReplacement = async () => "b";
		const finding = await provider.inspectResource("a", outputs, { ...RECENT, encryptedPaths: ["seal"] });
		assert.equal(finding.status, "deleted");
		assert.equal(finding.successor, undefined);
	});
});

test("a value is redacted in the differences and in the message", async () => {
	const { provider, deploy, service } = createGadgetProvider();
	const outputs = await deploy(declareGadget({ note: "x1" }));
	service.change("a", { note: "x2" });
	const { differences, message } = await provider.inspectResource("a", outputs, {
		...RECENT,
		redact: ({ path, value }) => ({ path, value: `#${value.length}`, secret: true }),
	});
	assert.doesNotMatch(JSON.stringify([differences, message]), /x1|x2/);
	assert.match(message ?? "", /note: key #2 at the last deployment, key #2 now, key #2 declared/);
});
