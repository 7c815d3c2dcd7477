import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readAdoptOptions } from "../../../provider/cli/adopt.options.ts";

describe("the command line of adopt", () => {
	test("may be empty: it then selects all devices of the configured hub", () => {
		assert.deepEqual(readAdoptOptions([]), {
			selection: { service: "iothub", exact: false, declareAs: undefined, name: "fleet", format: "csv" },
			settingsSource: new Map(),
			outFolder: ".",
			force: false,
			allowRemovals: false,
		});
	});

	test("accepts a hub, a condition and the form of the declaration", () => {
		const args = ["--hub", "h.example", "--where", "tags.site = 'oslo'", "--fleet", "--name", "plant"];
		const rest = [
			"--exact",
			"--format",
			"ndjson",
			"--out",
			"d",
			"--force",
			"--allow-removals",
			"--stack",
			"dev",
			"--cwd",
			"p",
		];
		assert.deepEqual(readAdoptOptions([...args, ...rest]), {
			selection: {
				service: "iothub",
				hubHostName: "h.example",
				query: "SELECT * FROM devices WHERE tags.site = 'oslo'",
				exact: true,
				declareAs: "fleet",
				name: "plant",
				format: "ndjson",
			},
			settingsSource: { stack: "dev", folder: "p" },
			outFolder: "d",
			force: true,
			allowRemovals: true,
		});
	});

	test("accepts machines by tag and serial number, and settings", () => {
		const filters = ["--filter", "groupTag=Kiosk=West", "--filter", "serialNumber=5CG"];
		assert.deepEqual(readAdoptOptions(["--autopilot", ...filters, "--config", "autopilot:tenantId=t"]), {
			selection: {
				service: "autopilot",
				filter: { groupTag: "Kiosk=West", serialNumber: "5CG" },
				declareAs: undefined,
				name: "fleet",
			},
			settingsSource: new Map([["autopilot:tenantId", "t"]]),
			outFolder: ".",
			force: false,
			allowRemovals: false,
		});
	});

	test("accepts the same forms of declaration for machines as for devices", () => {
		const { selection } = readAdoptOptions(["--autopilot", "--fleet", "--name", "kiosks"]);
		assert.deepEqual(selection, { service: "autopilot", filter: {}, declareAs: "fleet", name: "kiosks" });
	});

	const problems: readonly [args: readonly string[], problem: RegExp][] = [
		[["--query", "a", "--where", "b"], /^--query cannot be used with --where$/],
		[["--fleet", "--resources"], /^--fleet cannot be used with --resources$/],
		[["--name", ""], /^--name must not be empty$/],
		[["--format", "xml"], /^--format must be csv or ndjson, got "xml"$/],
		[["--filter", "groupTag=a"], /^--filter can only be used with --autopilot; select devices with --where$/],
		[["--autopilot", "--hub", "h"], /^--hub cannot be used with --autopilot$/],
		[["--autopilot", "--format", "csv"], /^--format cannot be used with --autopilot$/],
		[["--autopilot", "--fleet", "--resources"], /^--fleet cannot be used with --resources$/],
		[
			["--autopilot", "--filter", "model=x"],
			/^--filter must be serialNumber=PART or groupTag=TAG, got "model=x"$/,
		],
		[["--stack", ""], /^--stack must not be empty$/],
		[["--cwd", "d"], /^--cwd can only be used with --stack$/],
		[
			["--stack", "a", "--config", "iothub:hostName=h"],
			/^--config cannot be used with --stack: the settings come from the stack's configuration$/,
		],
		[["--config", "hostName=h"], /^--config must be KEY=VALUE, and the key must have a namespace/],
		[["--allow-removals"], /^--allow-removals can only be used with --force$/],
		[["--verbose"], /^--verbose is not an option of this command$/],
		[["--filtr", "groupTag=a"], /^--filtr is not an option of this command\. Did you mean --filter\?$/],
		[["--where"], /^--where must have a value$/],
		[["--where", "--exact"], /^--where must have a value$/],
		[["--force=yes"], /^--force must not have a value$/],
		[["oslo"], /^an argument does not belong to any option/],
	];
	for (const [args, problem] of problems) {
		test(`is rejected as: ${args.join(" ")}`, () => {
			assert.throws(() => readAdoptOptions(args), { name: "UsageError", message: problem });
		});
	}
});
