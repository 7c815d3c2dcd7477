import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { before, describe, test } from "node:test";
import { trampoline } from "../provider/sdk/trampoline.ts";
import { UNKNOWN } from "../provider/values.ts";

const ROOT = resolve(__dirname, "..");
const FOLDER = resolve(__dirname, "fixtures/trampoline");

/** The files of stored texts, such as `deviceIdentity.1.txt`: the kind, and the number of the text. */
const FILES = readdirSync(FOLDER).filter((file) => /^\w+\.\d+\.txt$/.test(file));
const KINDS = [...new Set(FILES.map((file) => file.split(".")[0] ?? ""))];

/** The calls that a provider host makes for a kind: settings, inputs to check and properties to compare. */
interface Sample {
	readonly settings: Readonly<Record<string, string>>;
	readonly early: object;
	readonly meanwhile: object;
	/** The inputs that `check` adds from the settings. */
	readonly configured: object;
	readonly olds: object;
	/** Another object than the one of `olds`, or a value that is not known yet. */
	readonly news: object;
	readonly replaces: readonly string[];
	/** Set if `news` cannot be another object: a tenant has only one fleet. */
	readonly stays?: true;
}

const hub = { hubHostName: "other.example" };
const adopted = { adopt: true, importId: "9e1ca0a4-6b6c-4a80-8a3b-0d2d6a1f6c11" };

const SAMPLES: Readonly<Record<string, Sample>> = {
	autopilotFleet: {
		settings: {},
		early: { machines: '{"early":{}}', adopt: true },
		meanwhile: { machines: '{"meanwhile":{}}', adopt: true },
		configured: {},
		olds: { machines: "{}" },
		news: { machines: UNKNOWN },
		replaces: [],
		stays: true,
	},
	autopilotIdentity: {
		settings: {},
		early: { serialNumber: "early", ...adopted },
		meanwhile: { serialNumber: "meanwhile", ...adopted },
		configured: {},
		olds: { serialNumber: "a", ...adopted, __identity: "hardwareIdentifier=1f0c" },
		news: { serialNumber: "b", ...adopted },
		replaces: ["serialNumber"],
	},
	deviceFleet: {
		settings: { "iothub:hostName": "fleet.example" },
		early: { devices: '{"early":{}}' },
		meanwhile: { devices: '{"meanwhile":{}}' },
		configured: { hubHostName: "fleet.example" },
		olds: { ...hub, devices: '{"a":{}}', __members: '{"a":{}}' },
		news: { hubHostName: "another.example", devices: '{"a":{}}' },
		replaces: ["hubHostName"],
	},
	deviceIdentity: {
		settings: { "iothub:hostName": "fleet.example" },
		early: { deviceId: "early" },
		meanwhile: { deviceId: "meanwhile" },
		configured: { hubHostName: "fleet.example" },
		olds: { ...hub, deviceId: "a" },
		news: { ...hub, deviceId: "b" },
		replaces: ["deviceId"],
	},
};

/** Returns the sample for the kind of a file. */
function sampleOf(file: string): Sample {
	const sample = SAMPLES[file.split(".")[0] ?? ""];
	assert.ok(sample, `${file} needs a sample of its kind`);
	return sample;
}

function numberOf(file: string): number {
	return Number(file.split(".")[1]);
}

function textOf(file: string): string {
	return readFileSync(resolve(FOLDER, file), "utf8");
}

test("every released kind has a sample", () => {
	assert.deepEqual(KINDS.toSorted(), Object.keys(SAMPLES));
});

for (const kind of KINDS) {
	const files = FILES.filter((file) => file.startsWith(`${kind}.`));
	const inOrder = files.toSorted((a, b) => numberOf(a) - numberOf(b));

	describe(`the stored text of ${kind}`, () => {
		test("equals the newest released text, byte for byte", () => {
			assert.equal(trampoline(kind), textOf(inOrder.at(-1) ?? ""));
		});

		test("has at most 200 bytes, because each resource stores it twice", () => {
			for (const file of inOrder) assert.ok(Buffer.byteLength(textOf(file)) <= 200, file);
		});

		test("is one line without characters that a state file or a shell would escape", () => {
			for (const file of inOrder) assert.match(textOf(file), /^[\x20-\x7e]+$/);
			for (const file of inOrder) assert.doesNotMatch(textOf(file), /["\\`]/);
		});

		test("is numbered without gaps, so none was ever removed", () => {
			assert.deepEqual(
				inOrder.map(numberOf),
				inOrder.map((_, index) => index + 1),
			);
		});
	});
}

describe("in the provider host", () => {
	before(() => {
		assert.ok(
			existsSync(resolve(ROOT, "dist/runtime.js")),
			"run `npm run build` first: the stored text loads dist/",
		);
	});

	for (const file of FILES) {
		/** Returns the results of a provider host that loads the text. */
		const hosted = (): Record<string, unknown> => {
			const host = resolve(FOLDER, "host.cjs");
			const options = { cwd: ROOT, encoding: "utf8", env: { PATH: process.env["PATH"] } } as const;
			const given = [host, resolve(FOLDER, file), JSON.stringify(sampleOf(file))];
			return JSON.parse(execFileSync(process.execPath, given, options));
		};

		test(`${file} becomes a provider that await does not mistake for a promise and that reaches this package's runtime`, () => {
			const result = hosted();
			assert.equal(result["typeOfThen"], "boolean");
			assert.deepEqual(result["methods"], [], "methods that the host would not find");
			assert.equal(result["runtime"], resolve(ROOT, "dist/runtime.js"));
			assert.deepEqual(result["diff"], {
				changes: true,
				replaces: sampleOf(file).replaces,
				deleteBeforeReplace: sampleOf(file).stays !== true,
			});
		});

		test(`${file} makes calls that arrive before or during configure wait for it`, () => {
			const result = hosted();
			const { early, meanwhile, configured } = sampleOf(file);
			const checked = (inputs: object) => ({ inputs: { ...inputs, ...configured }, failures: [] });
			assert.deepEqual([result["early"], result["meanwhile"]], [checked(early), checked(meanwhile)]);
		});
	}
});
