import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Claims, type Declaration } from "../../../provider/lifecycle/claims.ts";
import { ORIGIN } from "../../../provider/lifecycle/origin.ts";
import {
	type Holder,
	holderOf,
	isRenamed,
	keepOrCreateMark,
	newHolder,
	RECORD,
} from "../../../provider/lifecycle/recordMark.ts";

const KEY = "hub/d";

/** The record of a resource of this name. */
const created = (name: string): Holder => newHolder({ [ORIGIN]: `org/project/dev/Gadget/${name}` });

/** A record that a release without marks wrote. */
const unmarked = (etag: string): Holder => holderOf({ etag });

function declaration(holder: Holder, { declared = [KEY], before = [] as string[] } = {}): Declaration {
	const { name, tag } = holder;
	return { name, tag, declared: () => new Set(declared), before: () => new Set(before) };
}

describe("an object that a record claims", () => {
	test("is another one's to everybody else until it is released", () => {
		const claims = new Claims();
		const [one, two] = [created("one"), created("two")];
		assert.equal(claims.tryClaim(KEY, one), undefined);
		assert.equal(claims.tryClaim(KEY, one), undefined);
		assert.equal(claims.tryClaim(KEY, two), one);
		assert.deepEqual(claims.otherHolder(KEY, two), { name: "Gadget one", holds: true });
		assert.equal(claims.otherHolder(KEY, one), undefined);
		claims.release(KEY, one);
		assert.equal(claims.otherHolder(KEY, two), undefined);
		assert.equal(claims.tryClaim(KEY, two), undefined);
	});

	test("may be that of two records in state, each of which is told of the other", () => {
		const claims = new Claims();
		const [one, two] = [created("one"), created("two")];
		claims.claimExisting(KEY, one);
		claims.claimExisting(KEY, two);
		assert.equal(claims.otherHolder(KEY, one)?.name, "Gadget two");
		claims.release(KEY, two);
		assert.equal(claims.otherHolder(KEY, one), undefined);
	});

	test("is free for the successor of a record that names an earlier one, and for nobody else", () => {
		const claims = new Claims();
		const [old, fresh, other] = [created("one"), created("one"), created("two")];
		claims.claimExisting(KEY, old);
		assert.equal(claims.tryClaim(KEY, fresh), old);
		claims.noteSuccessor(KEY, old);
		assert.equal(claims.tryClaim(KEY, other), old);
		assert.equal(claims.tryClaim(KEY, fresh), undefined);
		assert.deepEqual(claims.otherHolder(KEY, old), { name: "Gadget one", holds: true });
	});

	test("is never that of a record without a mark, for another one may look like it", () => {
		const claims = new Claims();
		claims.claimExisting(KEY, unmarked("1"));
		assert.equal(claims.otherHolder(KEY, unmarked("1"))?.holds, true);
		assert.equal(claims.otherHolder(KEY, unmarked("2"))?.holds, true);
		assert.equal(new Claims().otherHolder(KEY, unmarked("1")), undefined);
	});
});

describe("an object that a resource declares and nobody has taken over", () => {
	test("is not free for the record that ends", () => {
		const claims = new Claims();
		claims.declare(declaration(created("new")));
		assert.deepEqual(claims.otherHolder(KEY, created("old")), { name: "Gadget new", holds: false });
		assert.deepEqual(claims.otherHolder(KEY, unmarked("1")), { name: "Gadget new", holds: false });
		assert.equal(claims.otherHolder("hub/e", created("old")), undefined);
	});

	test("is free for the resource itself, which may be told to replace it", () => {
		const claims = new Claims();
		claims.declare(declaration(created("it")));
		assert.equal(claims.otherHolder(KEY, created("it")), undefined);
		const other = new Claims();
		other.declare(declaration(created("renamed"), { before: [KEY] }));
		assert.equal(other.otherHolder(KEY, created("it")), undefined);
		assert.equal(other.isReplacement(KEY), true);
	});

	test("is not free where a plan is to take it, whatever was declared before", () => {
		const claims = new Claims();
		const fleet = created("fleet");
		claims.declare(declaration(fleet, { before: [KEY] }));
		claims.planToTake(KEY, fleet);
		assert.deepEqual(claims.otherHolder(KEY, created("old")), { name: "Gadget fleet", holds: false });
		assert.equal(claims.otherHolder(KEY, fleet), undefined);
	});

	test("is free once it turned out to be another object", () => {
		const claims = new Claims();
		const [fleet, single] = [created("fleet"), created("single")];
		claims.declare(declaration(fleet));
		claims.declare({ ...declaration(single), key: KEY });
		claims.resolve(KEY, fleet);
		assert.equal(claims.otherHolder(KEY, created("old"))?.name, "Gadget single");
		claims.resolve(KEY, single);
		assert.equal(claims.otherHolder(KEY, created("old")), undefined);
	});
});

describe("an object that a plan gives up", () => {
	test("is in conflict with every other resource that declares it afterwards", () => {
		const claims = new Claims();
		const old = created("old");
		claims.planToGiveUp(KEY, old);
		for (const each of [declaration(created("new")), declaration(created("new"), { before: [KEY] })]) {
			assert.deepEqual([...claims.conflictsOf(each)], [[KEY, old]]);
			assert.deepEqual([...claims.conflictsOf({ ...each, key: KEY })], [[KEY, old]]);
		}
		assert.equal(claims.conflictsOf(declaration(old)).size, 0);
		assert.equal(claims.conflictsOf(declaration(created("new"), { declared: ["hub/e"] })).size, 0);
	});
});

test("a mark tells a record from all others, and which resource made it", () => {
	const [one, again] = [created("it"), created("it")];
	assert.notEqual(one.record, again.record);
	assert.equal(one.tag, again.tag);
	const known = holderOf({ [RECORD]: one.record });
	assert.deepEqual(
		[known.record, known.tag, known.isNew, known.isMarked],
		[one.record, one.tag, false, true],
	);
	assert.equal(unmarked("1").record, unmarked("1").record);
	assert.notEqual(unmarked("1").record, unmarked("2").record);
});

describe("the mark of a record", () => {
	const named = (stack: string, name: string) => ({ [ORIGIN]: `org/project/${stack}/Gadget/${name}` });
	const outputs = { [RECORD]: newHolder(named("dev", "one")).record };

	test("outlives the stack's name", () => {
		assert.equal(isRenamed(outputs, named("prod", "one")), false);
		assert.equal(keepOrCreateMark(outputs, named("prod", "one")), outputs[RECORD]);
	});

	test("follows the name of its resource", () => {
		const news = named("dev", "two");
		assert.equal(isRenamed(outputs, news), true);
		const mark = keepOrCreateMark(outputs, news);
		assert.equal(mark.split("/")[0], outputs[RECORD].split("/")[0]);
		assert.equal(isRenamed({ [RECORD]: mark }, news), false);
	});

	test("is of no other name where nobody says one, or state has none", () => {
		assert.equal(isRenamed(outputs, {}), false);
		assert.equal(isRenamed({}, named("dev", "one")), false);
	});
});
