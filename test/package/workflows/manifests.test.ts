import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AZURE_PIPELINES_YML, findSchemaComplaints, readDocuments, STACK_YAML } from "./files.ts";

/** Replaces one string in a document. Throws if the document does not have it. */
function edited(document: unknown, from: string, to: string): unknown {
	const text = JSON.stringify(document);
	assert.ok(text.includes(from), `${from} is not in the document`);
	return JSON.parse(text.replace(from, to));
}

describe("azure-pipelines.yml", () => {
	const [pipeline] = readDocuments(AZURE_PIPELINES_YML);

	test("conforms to the schema of Azure Pipelines", () =>
		assert.deepEqual(findSchemaComplaints("azure-pipelines", pipeline), []));

	for (const [from, to, complaint] of [
		[`"timeoutInMinutes"`, `"timeout-minutes"`, /additionalProperty":"timeout-minutes"/],
		[`"lockBehavior":"sequential"`, `"lockBehavior":"sequentially"`, /lockBehavior must be equal to one of/],
		[`"inlineScript":"set -euo pipefail\\n`, `"inlineScript":"`, /inlineScript must match pattern/],
		[`"SYSTEM_ACCESSTOKEN"`, `"SYSTEM_ACCESS_TOKEN"`, /missingProperty":"SYSTEM_ACCESSTOKEN"/],
		[`"azureSubscription"`, `"azureSubscripton"`, /missingProperty":"azureSubscription"/],
		[`"versionSpec"`, `"version"`, /additionalProperty":"version"/],
		[`"17 3 * * *"`, `"17 3 * *"`, /cron must match pattern/],
	] as const) {
		test(`is rejected with ${to}`, () =>
			assert.match(
				findSchemaComplaints("azure-pipelines", edited(pipeline, from, to)).join("\n"),
				complaint,
			));
	}
});

describe("stack.yaml", () => {
	const documents = readDocuments(STACK_YAML) as readonly { kind: string; metadata: { name: string } }[];
	const stack = documents.find(({ kind }) => kind === "Stack");

	test("conforms to the operator's schema of a Stack, and has the service account that it runs as", () => {
		assert.deepEqual(findSchemaComplaints("stack", stack), []);
		assert.deepEqual(
			documents.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
			["ServiceAccount fleet", "ClusterRoleBinding fleet:system:auth-delegator", "Stack fleet"],
		);
	});

	for (const [from, to, complaint] of [
		[`"refresh":`, `"refesh":`, /additionalProperty":"refesh"/],
		[`"refresh":`, `"expectNoRefreshChanges":`, /additionalProperty":"expectNoRefreshChanges"/],
		[`"pulumi.com/v1"`, `"pulumi.com/v1alpha1"`, /apiVersion must be equal to constant/],
		[`"azure.workload.identity/use":"true"`, `"azure.workload.identity/use":true`, /use must be string/],
		[`"resyncFrequencySeconds":900`, `"resyncFrequencySeconds":"15m"`, /must be integer/],
	] as const) {
		test(`is rejected with ${to}`, () =>
			assert.match(findSchemaComplaints("stack", edited(stack, from, to)).join("\n"), complaint));
	}
});
