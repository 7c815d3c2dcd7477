import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { scripts } from "../../../package.json";
import { lintWorkflow, listJobs, listUses } from "./actions.ts";
import { FLEET_YML, locateWorkflowFixture, OWN_WORKFLOWS, RELEASE_YML } from "./files.ts";

/** An action at one version: its commit and the names of its inputs, from the `action.yml` of that tag. */
interface Action {
	readonly version: string;
	readonly commit: string;
	readonly inputs: readonly string[];
}

const ACTIONS: Readonly<Record<string, Action>> = JSON.parse(
	readFileSync(locateWorkflowFixture("actions.json"), "utf8"),
);

describe("GitHub's workflows", () => {
	for (const path of [FLEET_YML, ...OWN_WORKFLOWS]) {
		describe(basename(path), () => {
			test("passes actionlint", async () => assert.deepEqual(await lintWorkflow(path), []));

			test("names each action by its commit, with the version in a comment", () => {
				const uses = listUses(path);
				assert.ok(uses.length > 0);
				for (const { action, ref, comment } of uses) {
					assert.match(ref, /^[0-9a-f]{40}$/, action);
					assert.match(comment, /^v\d+\.\d+\.\d+$/, action);
				}
			});

			test("sets permissions and a timeout for each job, and no permissions for all jobs", () => {
				assert.deepEqual(parse(readFileSync(path, "utf8")).permissions, {});
				const jobs = listJobs(path);
				assert.ok(jobs.length > 0);
				for (const [name, job] of jobs) {
					assert.ok(job.has("permissions"), `${name} has no permissions`);
					assert.ok(job.has("timeout-minutes"), `${name} has no timeout`);
				}
			});
		});
	}

	test("actions have the commits of the versions in the comments, and accept their inputs", () => {
		for (const { action, ref, comment, inputs } of [FLEET_YML, ...OWN_WORKFLOWS].flatMap(listUses)) {
			const { commit, version, inputs: known = [] } = ACTIONS[action] ?? {};
			assert.deepEqual({ action, ref, comment }, { action, ref: commit, comment: version });
			assert.deepEqual(
				inputs.filter((name) => !known.includes(name)),
				[],
				`${action} has no such inputs`,
			);
		}
	});

	test("two deployments of the example never overlap, and no deployment is cancelled by the next", () => {
		const { jobs } = parse(readFileSync(FLEET_YML, "utf8"));
		assert.deepEqual(jobs.deploy.concurrency, { group: "fleet-deploy", "cancel-in-progress": false });
		for (const name of ["preview", "drift"]) {
			assert.notEqual(jobs[name].concurrency.group, jobs.deploy.concurrency.group, name);
		}
	});

	test("no workflow reads a secret", () => {
		for (const path of [FLEET_YML, ...OWN_WORKFLOWS])
			assert.doesNotMatch(readFileSync(path, "utf8"), /\bsecrets\b/, path);
	});

	test("a release is published after its tests, by the only job that may authenticate to npm", () => {
		const { jobs } = parse(readFileSync(RELEASE_YML, "utf8"));
		assert.deepEqual(jobs.publish.permissions, { contents: "read", "id-token": "write" });
		assert.deepEqual([jobs.publish.needs, jobs.release.needs], ["test", "publish"]);
		assert.deepEqual(jobs.test.permissions, { contents: "read" });
		assert.deepEqual(jobs.release.permissions, { contents: "write" });
		const publishes = /^npm publish .*--provenance\b/;
		const who = Object.entries<{ steps: { run?: string }[] }>(jobs).filter(([, { steps }]) =>
			steps.some(({ run = "" }) => publishes.test(run)),
		);
		assert.deepEqual(
			who.map(([name]) => name),
			["publish"],
		);
	});

	test("a release is not built from a cache, because another run may have written it", () => {
		for (const [name, job] of listJobs(RELEASE_YML)) {
			const { steps }: { steps: { uses?: string; with?: Record<string, unknown> }[] } = job.toJSON();
			const node = steps.filter(({ uses = "" }) => uses.startsWith("actions/setup-node@"));
			assert.equal(node.length, 1, name);
			for (const step of node)
				assert.deepEqual(
					[step.with?.["cache"], step.with?.["package-manager-cache"]],
					[undefined, false],
					name,
				);
		}
	});

	test("every npm script that the workflows run exists", () => {
		for (const path of OWN_WORKFLOWS) {
			const names = [...readFileSync(path, "utf8").matchAll(/npm run (?:--silent )?([\w:]+)/g)];
			assert.ok(names.length > 0, path);
			for (const [, name = ""] of names) assert.ok(name in scripts, `${path}: ${name}`);
		}
	});
});

describe("the linter", () => {
	test("rejects a broken workflow and reports the positions", async () => {
		const findings = await lintWorkflow(locateWorkflowFixture("broken.yml"));
		for (const expected of [
			/:5:5 syntax-check: unexpected key "branch"/,
			/:7:3 permissions: unknown permission scope "id-tokens"/,
			/:10:14 runner-label: label "ubuntu-latets" is unknown/,
			/:9:3 job-needs: .* "preview" which does not exist/,
			/:14:7 syntax-check: unexpected key "cancel-in-progres"/,
			/:18:11 action: input "fetch-dept" is not defined in action "actions\/checkout@v4"/,
			/:19:23 expression: .* is potentially untrusted/,
			/:20:23 expression: property "drift" is not defined/,
			/:21:9 syntax-check: unexpected key "timeout-minute"/,
		]) {
			assert.ok(
				findings.some((finding) => expected.test(finding)),
				`${expected} is not among\n${findings.join("\n")}`,
			);
		}
	});

	test("rejects a file that is not YAML", async () => {
		assert.match((await lintWorkflow(locateWorkflowFixture("torn.yml"))).join(), /could not parse as YAML/);
	});
});
