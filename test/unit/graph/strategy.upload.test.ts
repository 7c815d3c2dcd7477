import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toManagedValues } from "../../../provider/graph/autopilotIdentity.inputs.ts";
import {
	decodeImportRecord,
	encodeRecordPatch,
	type ImportRecord,
} from "../../../provider/graph/autopilotIdentity.wire.ts";
import { ImportBatcher } from "../../../provider/graph/imports/batch.ts";
import {
	createRootedUploadStrategy,
	createUploadStrategy,
	UPLOAD_FIELDS,
} from "../../../provider/graph/strategy.upload.ts";
import { type Answered, createFakeTenant, type Routes } from "./fakeTenant.ts";
import { createLiveMachine, createMachineInputs, createRecordJson, ID } from "./machines.ts";

const DRAFT = "PATCH /beta/importedWindowsAutopilotDeviceIdentityUpload/deviceIdentities";

function record(rest: Readonly<Record<string, unknown>> = {}): ImportRecord {
	const decoded = decodeImportRecord(createRecordJson({ deviceRegistrationId: ID }, rest));
	assert.ok(decoded !== undefined);
	return decoded;
}
const list = (...rows: Readonly<Record<string, unknown>>[]): Answered => ({ value: rows });
const RECORDS = list(
	createRecordJson({ deviceRegistrationId: "m-2" }, { id: "r-2" }),
	createRecordJson({ deviceRegistrationId: ID }),
);

describe("the strategy upload", () => {
	const conversing = (routes: Routes) => {
		const fake = createFakeTenant(routes);
		const batch = new ImportBatcher(fake.clock);
		const uploads = new Map<string, string>();
		const conversation = { ...fake, batch, imports: fake.tenant.imports, uploads };
		return { ...fake, conversation, strategy: createUploadStrategy(conversation) };
	};
	const change = {
		from: createLiveMachine(),
		to: toManagedValues({ groupTag: "Lab", assignedUserPrincipalName: "ada@contoso.com", displayName: "k" }),
	};

	test("changes a machine through the record of its own import, named in the body", async () => {
		const { tenant, strategy, asked, calls } = conversing({ "GET imports": [RECORDS], [DRAFT]: [{}] });
		await strategy.send(tenant, change);
		assert.deepEqual(asked(), ["GET imports", DRAFT]);
		assert.deepEqual(calls[1]?.body, encodeRecordPatch(record(), change.to));
	});

	test("sends the record's etag as the service sent it, where there is one", async () => {
		const tagged = createRecordJson({ deviceRegistrationId: ID }, { "@odata.etag": 'W/"JzIt"' });
		const { tenant, strategy, calls } = conversing({ "GET imports": [list(tagged)], [DRAFT]: [{}] });
		await strategy.send(tenant, change);
		assert.equal(calls[1]?.ifMatch, 'W/"JzIt"');
	});

	test("can't change a machine whose record is gone, and says which strategy can", async () => {
		const { tenant, strategy } = conversing({ "GET imports": [list()] });
		await assert.rejects(Promise.resolve(strategy.send(tenant, change)), {
			code: "NoImportRecord",
			message:
				/^Changing machine "5CG1234ABC" is not possible by autopilot:strategy upload: .* Set autopilot:strategy to live\.$/,
		});
	});

	test("keeps records, and knows the fields that a record has", async () => {
		const { strategy } = conversing({});
		assert.equal(strategy.keepsRecords, true);
		assert.deepEqual(strategy.fields, ["groupTag", "assignedUserPrincipalName"]);
		assert.equal(strategy.fields, UPLOAD_FIELDS);
	});

	test("queues where live does, and leaves nothing besides the record", async () => {
		const { strategy, conversation, asked } = conversing({ "POST imports": [createRecordJson()] });
		await strategy.queue(conversation, createMachineInputs(), "i-1");
		await strategy.cleanUp(conversation, record());
		assert.deepEqual(asked(), ["POST imports"]);
	});
});

describe("the strategy upload-rooted", () => {
	const UPLOADS = list({ id: "u-1" }, { id: "u-2" });
	const conversing = (routes: Routes) => {
		const fake = createFakeTenant({
			"GET uploads": [UPLOADS],
			"GET uploads/u-1/deviceIdentities": [list(createRecordJson({}, { id: "r-2" }))],
			"GET uploads/u-2/deviceIdentities": [list(createRecordJson())],
			...routes,
		});
		const batch = new ImportBatcher(fake.clock);
		const uploads = new Map<string, string>();
		const conversation = { ...fake, batch, imports: fake.tenant.imports, uploads };
		return { ...fake, conversation, strategy: createRootedUploadStrategy(conversation) };
	};

	test("queues an import below an upload of its own", async () => {
		const { strategy, conversation, asked, calls, clock } = conversing({
			"POST uploads": [{ id: "u 3", status: "pending" }],
			"POST uploads/u%203/deviceIdentities": [createRecordJson()],
		});
		assert.equal((await strategy.queue(conversation, createMachineInputs(), "i-1")).id, "r-1");
		assert.deepEqual(asked(), ["POST uploads", "POST uploads/u%203/deviceIdentities"]);
		const createdDateTimeUtc = new Date(clock.now()).toISOString();
		assert.deepEqual(calls[0]?.body, { createdDateTimeUtc, status: "pending" });
	});

	test("says where no upload came about", async () => {
		const { strategy, conversation } = conversing({ "POST uploads": [{}] });
		await assert.rejects(strategy.queue(conversation, createMachineInputs(), "i-1"), {
			name: "UnreadableAnswer",
			message: 'making an upload for machine "5CG1234ABC" failed: the answer is no upload',
		});
	});

	test("changes a record below the upload that holds it", async () => {
		const { tenant, strategy, asked } = conversing({
			"GET imports": [RECORDS],
			"PATCH uploads/u-2/deviceIdentities/r-1": [{}],
		});
		await strategy.send(tenant, { from: createLiveMachine(), to: toManagedValues({ groupTag: "Lab" }) });
		assert.equal(asked().at(-1), "PATCH uploads/u-2/deviceIdentities/r-1");
	});

	test("takes the upload away with its record", async () => {
		const { strategy, conversation, asked, calls } = conversing({ "DELETE uploads/u-2": [undefined] });
		await strategy.cleanUp(conversation, record());
		assert.equal(asked().at(-1), "DELETE uploads/u-2");
		assert.equal(calls.at(-1)?.repeatable, true);
	});

	test("says which record no upload holds", async () => {
		const { strategy, conversation } = conversing({});
		await assert.rejects(strategy.cleanUp(conversation, record({ id: "r-9" })), {
			code: "NoImportRecord",
			message: 'looking for the upload of machine "5CG1234ABC" failed: no upload holds its record r-9.',
		});
	});
});
