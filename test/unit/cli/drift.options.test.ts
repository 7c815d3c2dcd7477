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
		[
			[],
			/^the state to compare is missing: name a stack with --stack NAME, or an export of its state with --state FILE$/,
		],
		[["--stack", "a", "--state", "b"], /^--state cannot be used with --stack$/],
		[["--stack", ""], /^--stack must not be empty$/],
		[["--stack", "a", "--config", "iothub:hostName=h"], /^--config cannot be used with --stack: /],
		[["--state", "a", "--cwd", "b"], /^--cwd can only be used with --stack$/],
		[["--state", "a", "--config", "hostName=h"], /^--config must be KEY=VALUE/],
		[["--state", "a", "--config", "iothub:connectionString"], /^--config must be KEY=VALUE/],
		[["--stack", "a", "--format", "xml"], /^--format must be table, json, sarif or markdown, got "xml"$/],
		[["--stack", "a", "--verbose"], /^--verbose is not an option of this command$/],
		[["--stack"], /^--stack must have a value$/],
		[["dev"], /^an argument does not belong to any option/],
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
		assert.throws(
			() => readDriftOptions(["--state", "a", "--config", "iothub:hostName=h", "SharedAccessKey=x"]),
			({ message }: Error) => !message.includes("SharedAccessKey"),
		);
	});
});
