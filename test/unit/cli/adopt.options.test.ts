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
		});
	});

	test("accepts a hub, a condition and the form of the declaration", () => {
		const args = ["--hub", "h.example", "--where", "tags.site = 'oslo'", "--fleet", "--name", "plant"];
		const rest = ["--exact", "--format", "ndjson", "--out", "d", "--force", "--stack", "dev", "--cwd", "p"];
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
		});
	});

	test("accepts the same forms of declaration for machines as for devices", () => {
		const { selection } = readAdoptOptions(["--autopilot", "--fleet", "--name", "kiosks"]);
		assert.deepEqual(selection, { service: "autopilot", filter: {}, declareAs: "fleet", name: "kiosks" });
	});

	const problems: readonly [args: readonly string[], problem: RegExp][] = [
		[["--query", "a", "--where", "b"], /give --query or --where, not both/],
		[["--fleet", "--resources"], /give --fleet or --resources, not both/],
		[["--name", ""], /--name is empty/],
		[["--format", "xml"], /--format is "xml"; it takes csv or ndjson/],
		[["--filter", "groupTag=a"], /--filter goes with --autopilot/],
		[["--autopilot", "--hub", "h"], /--hub goes without --autopilot/],
		[["--autopilot", "--format", "csv"], /--format goes without --autopilot/],
		[["--autopilot", "--fleet", "--resources"], /give --fleet or --resources, not both/],
		[
			["--autopilot", "--filter", "model=x"],
			/--filter is "model=x"; it takes serialNumber=PART or groupTag=TAG/,
		],
		[["--stack", ""], /--stack is empty/],
		[["--cwd", "d"], /--cwd goes with --stack/],
		[["--stack", "a", "--config", "iothub:hostName=h"], /--config goes without --stack/],
		[["--config", "hostName=h"], /--config takes KEY=VALUE/],
		[["--verbose"], /--verbose/],
	];
	for (const [args, problem] of problems) {
		test(`is rejected as: ${args.join(" ")}`, () => {
			assert.throws(() => readAdoptOptions(args), { name: "UsageError", message: problem });
		});
	}
});
