import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readDriftOptions } from "../../../provider/cli/drift.options.ts";

describe("the command line of drift", () => {
	test("accepts a stack alone, and everything else has a default", () => {
		assert.deepEqual(readDriftOptions(["--stack", "dev"]), {
			stateSource: { stack: "dev", folder: "." },
			format: "table",
			consistency: "eventual",
			sourceFile: "Pulumi.yaml",
			outputFile: undefined,
		});
	});

	test("accepts a state file with settings", () => {
		const args = [
			"--state=s.json",
			"--config",
			"iothub:hostName=h",
			"--config",
			"iothub:connectionString=a=b\n=c",
		];
		const rest = ["--format", "sarif", "--exact", "--source", "infra/index.ts", "--output", "out"];
		assert.deepEqual(readDriftOptions([...args, ...rest]), {
			stateSource: {
				file: "s.json",
				config: new Map([
					["iothub:hostName", "h"],
					["iothub:connectionString", "a=b\n=c"],
				]),
			},
			format: "sarif",
			consistency: "strong",
			sourceFile: "infra/index.ts",
			outputFile: "out",
		});
	});

	const problems: readonly [args: readonly string[], problem: RegExp][] = [
		[[], /name either a stack .* or a file/],
		[["--stack", "a", "--state", "b"], /name either a stack/],
		[["--stack", ""], /--stack is empty/],
		[["--stack", "a", "--config", "iothub:hostName=h"], /--config goes with --state/],
		[["--state", "a", "--cwd", "b"], /--cwd goes with --stack/],
		[["--state", "a", "--config", "hostName=h"], /--config takes KEY=VALUE/],
		[["--state", "a", "--config", "iothub:connectionString"], /--config takes KEY=VALUE/],
		[["--stack", "a", "--format", "xml"], /--format is "xml"; it takes table, json, sarif, markdown$/],
		[["--stack", "a", "--verbose"], /--verbose/],
		[["--stack"], /--stack/],
		[["dev"], /dev/],
	];
	for (const [args, problem] of problems) {
		test(`is rejected as: ${args.join(" ") || "nothing"}`, () => {
			assert.throws(() => readDriftOptions(args), { name: "UsageError", message: problem });
		});
	}

	test("does not repeat the value of a setting, which may be a secret", () => {
		assert.throws(
			() => readDriftOptions(["--state", "a", "--config", "connectionString=SharedAccessKey"]),
			({ message }: Error) => !message.includes("SharedAccessKey"),
		);
	});
});
