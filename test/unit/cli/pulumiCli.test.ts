import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runPulumi } from "../../../provider/cli/pulumiCli.ts";
import { installFakePulumi } from "./fakePulumi.ts";

const SECRET = "Endpoint=sb://x;SharedAccessKey=abc";
const fake = installFakePulumi({
	"stack export": { stdout: "<call>" },
	"stack noisy": { stdout: '{"a":1}', stderr: "warning: an update is available\n" },
	"stack broken": { stdout: '{"half":', stderr: "error: the passphrase is wrong\n", code: 255 },
	"stack mute": { stdout: "{}", code: 3 },
	"stack words": { stdout: SECRET },
});
after(fake.remove);

const location = { stack: "acme/factory/dev", folder: fake.folder };

describe("a pulumi command", () => {
	test("runs in the folder for the stack, asks nothing and prints no colours, and its JSON is returned", async () => {
		assert.deepEqual(await runPulumi(location, ["stack", "export", "--show-secrets"]), {
			line: "stack export --show-secrets --stack acme/factory/dev --non-interactive --color never",
			cwd: realpathSync(fake.folder),
			PULUMI_SKIP_UPDATE_CHECK: "true",
		});
	});

	test("may print warnings", async () => {
		assert.deepEqual(await runPulumi(location, ["stack", "noisy"]), { a: 1 });
	});

	const failures: readonly [title: string, args: readonly string[], message: RegExp][] = [
		[
			"that fails is an error with what it printed",
			["stack", "broken"],
			/^`pulumi stack broken` for the stack "acme\/factory\/dev" in \/.* failed: error: the passphrase is wrong$/,
		],
		["that fails silently is an error even if it printed JSON", ["stack", "mute"], / failed: exit code 3$/],
		[
			"that prints no JSON is an error, which does not repeat the text",
			["stack", "words"],
			/ did not print JSON\. Check that the `pulumi` on PATH is the Pulumi CLI\.$/,
		],
	];
	for (const [title, args, message] of failures) {
		test(title, () =>
			assert.rejects(runPulumi(location, args), (error: Error) => {
				assert.equal(error.name, "CommandError");
				assert.match(error.message, message);
				assert.ok(!`${error.message} ${error.cause}`.includes(SECRET));
				return true;
			}),
		);
	}

	test("in a folder that does not exist is an error about the folder, not about pulumi", () =>
		assert.rejects(runPulumi({ ...location, folder: join(fake.folder, "no") }, []), {
			name: "CommandError",
			message: /^--cwd must be a folder, got ".*no"/,
		}));

	test("without a pulumi on PATH is an error that says so", async () => {
		const before = process.env["PATH"];
		process.env["PATH"] = join(fake.folder, "no");
		try {
			await assert.rejects(runPulumi(location, ["stack", "export"]), {
				name: "CommandError",
				message:
					"`pulumi` is not on PATH. Install the CLI, or export the state elsewhere and name it with --state.",
			});
		} finally {
			process.env["PATH"] = before;
		}
	});
});
