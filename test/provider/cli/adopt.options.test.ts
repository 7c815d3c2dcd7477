import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readAdoptOptions } from "../../../provider/cli/adopt.options.ts";

describe("the command line of adopt", () => {
	test("may be empty: all devices of the configured hub, by their number", () => {
		assert.deepEqual(readAdoptOptions([]), {
			from: { exact: false, as: undefined, name: "fleet", format: "csv" },
			settings: new Map(),
			out: ".",
			force: false,
		});
	});

	test("names a hub, a condition, and what to make of it", () => {
		const args = ["--hub", "h.example", "--where", "tags.site = 'oslo'", "--fleet", "--name", "plant"];
		const rest = ["--exact", "--format", "ndjson", "--out", "d", "--force", "--stack", "dev", "--cwd", "p"];
		assert.deepEqual(readAdoptOptions([...args, ...rest]), {
			from: {
				hubHostName: "h.example",
				query: "SELECT * FROM devices WHERE tags.site = 'oslo'",
				exact: true,
				as: "fleet",
				name: "plant",
				format: "ndjson",
			},
			settings: { stack: "dev", folder: "p" },
			out: "d",
			force: true,
		});
	});

	test("names machines by tag and serial number, and settings", () => {
		const filters = ["--filter", "groupTag=Kiosk=West", "--filter", "serialNumber=5CG"];
		assert.deepEqual(readAdoptOptions(["--autopilot", ...filters, "--config", "autopilot:tenantId=t"]), {
			from: { machines: { groupTag: "Kiosk=West", serialNumber: "5CG" }, as: undefined, name: "fleet" },
			settings: new Map([["autopilot:tenantId", "t"]]),
			out: ".",
			force: false,
		});
	});

	test("makes of machines what it makes of devices", () => {
		const { from } = readAdoptOptions(["--autopilot", "--fleet", "--name", "kiosks"]);
		assert.deepEqual(from, { machines: {}, as: "fleet", name: "kiosks" });
	});

	const faults: readonly [args: readonly string[], fault: RegExp][] = [
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
	for (const [args, fault] of faults) {
		test(`is refused as: ${args.join(" ")}`, () => {
			assert.throws(() => readAdoptOptions(args), { name: "UsageError", message: fault });
		});
	}
});
