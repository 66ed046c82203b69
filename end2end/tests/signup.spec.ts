// Signing up: from the form to the code to where the visitor was going.
import {
  accounts, ageCodes, expectAt, expectError, expectSignedIn, expectSignedOut, field, logIn, main, member, notice, otherThan,
  press, signUp, somebody,
} from '../accounts.ts';
import { expect, test, visit } from '../fixtures.ts';
import { allMail, codeIn, mailFor } from '../mailbox.ts';

test('ends signed in, where the visitor was going', async ({ page }) => {
  const person = somebody();
  await visit(page, '/account/security');
  await expectAt(page, /^\/login\?next=/);
  await main(page).getByRole('link', { name: 'Create an account' }).click();
  await expectAt(page, /^\/signup\?next=/);
  await signUp(page, person);

  await expectAt(page, '/verify');
  await expect(main(page)).toContainText(person.email);
  await expectSignedOut(page);
  const code = codeIn(await mailFor(person.email));
  // As it is printed in the mail.
  await field(page, 'Code').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await press(page, 'Confirm and go on');

  await expectAt(page, '/account/security');
  await expectSignedIn(page, person.username);
  await expect(notice(page)).toContainText(person.username);
  await visit(page, '/products');
  await expectSignedIn(page, person.username);
  await expect(notice(page), 'a notice is said once').toBeEmpty();
});

test.describe('what is wrong', () => {
  test.use({ expected: [/\b400\b/] });

  test('is told beside its field, and what was typed stays', async ({ page, js }) => {
    await visit(page, '/signup');
    await signUp(page, { username: 'a b', email: 'nobody', password: 'too short' });
    await expectError(page, field(page, 'Username'), /letters/i);
    await expectError(page, field(page, 'E-mail address'), /@/);
    await expectError(page, field(page, 'Password'), /12/);
    await expect(field(page, 'Username')).toBeFocused();
    await expect(field(page, 'Username')).toHaveValue('a b');
    await expect(field(page, 'E-mail address')).toHaveValue('nobody');
    await expect(field(page, 'Password'), 'a password never travels back').toHaveValue(js ? 'too short' : '');
    if (!js) await expect(page).toHaveTitle(/^Error: /);

    const person = somebody();
    await signUp(page, person);
    await expectAt(page, '/verify');
    expect(accounts(person.email)).toBe(1);
  });

  test('a taken or reserved name, a common password, the shop’s or one’s own name', async ({ page }) => {
    const taken = await member();
    for (const [person, name, message] of [
      [{ ...somebody(), username: taken.username.toUpperCase() }, 'Username', /./],
      [{ ...somebody(), username: 'admin' }, 'Username', /./],
      [{ ...somebody(), password: 'password1234' }, 'Password', /./],
      [{ ...somebody(), password: 'fieldstonefieldstone' }, 'Password', /./],
    ] as const) {
      await visit(page, '/signup');
      await signUp(page, person);
      await expectError(page, field(page, name), message);
      expect(accounts(person.email)).toBe(0);
    }
  });

  test('a wrong code, one of another time, of another browser or of another purpose', async ({ page, newVisitor }) => {
    const person = somebody();
    await visit(page, '/signup');
    await signUp(page, person);
    await expectAt(page, '/verify');
    const code = codeIn(await mailFor(person.email));

    for (const [typed, message] of [['', /six digits/i], ['12345', /six digits/i], [otherThan(code), /isn’t right/]] as const) {
      await field(page, 'Code').fill(typed);
      await press(page, 'Confirm and go on');
      await expectError(page, field(page, 'Code'), message);
      await expect(field(page, 'Code')).toBeFocused();
    }

    // Whoever reads the mail elsewhere has nothing of it.
    const other = await newVisitor();
    await visit(other, '/signup');
    await signUp(other, { ...somebody(), password: person.password });
    await expectAt(other, '/verify');
    await field(other, 'Code').fill(code);
    await press(other, 'Confirm and go on');
    await expectError(other, field(other, 'Code'), /isn’t right/);

    // A code for a new password finishes no sign-up.
    const known = await member();
    await visit(other, '/forgot-password');
    const asked = Date.now();
    await field(other, 'E-mail address').fill(known.email);
    await press(other, 'Send me a code');
    await expectAt(other, '/reset-password');
    await field(page, 'Code').fill(codeIn(await mailFor(known.email, asked)));
    await press(page, 'Confirm and go on');
    await expectError(page, field(page, 'Code'), /isn’t right/);

    ageCodes(person.email, 601);
    await field(page, 'Code').fill(code);
    await press(page, 'Confirm and go on');
    await expectError(page, field(page, 'Code'), /too old/);
    await expectSignedOut(page);
  });

  test('five wrong codes burn the right one', async ({ page }) => {
    const person = somebody();
    await visit(page, '/signup');
    await signUp(page, person);
    await expectAt(page, '/verify');
    const code = codeIn(await mailFor(person.email));
    let wrong = code;
    for (let tries = 0; tries < 5; tries += 1) {
      wrong = otherThan(wrong);
      await field(page, 'Code').fill(wrong);
      await press(page, 'Confirm and go on');
      await expectError(page, field(page, 'Code'), /isn’t right/);
      await expect(main(page).getByRole('button', { name: 'Confirm and go on' })).toBeEnabled();
    }
    await field(page, 'Code').fill(code);
    await press(page, 'Confirm and go on');
    await expectError(page, field(page, 'Code'), /isn’t right/);
    await expectSignedOut(page);
  });
});

test('a code is good once', async ({ page }) => {
  const person = somebody();
  await visit(page, '/signup');
  await signUp(page, person);
  await expectAt(page, '/verify');
  const code = codeIn(await mailFor(person.email));
  await field(page, 'Code').fill(code);
  await press(page, 'Confirm and go on');
  await expectSignedIn(page, person.username);
  const again = await page.request.post('/api/account/verify', { form: { code }, headers: { accept: 'application/json' } });
  expect(again.ok()).toBe(false);
  await visit(page, '/verify');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('No code to enter');
});

test.describe('another code', () => {
  test.use({ expected: [/\b(400|429)\b/] });

  test('can be asked for after a minute, and replaces the first', async ({ page, js }) => {
    const person = somebody();
    if (js) await page.clock.install();
    await visit(page, '/signup');
    await signUp(page, person);
    await expectAt(page, '/verify');
    const first = codeIn(await mailFor(person.email));
    const send = main(page).getByRole('button', { name: 'Send the code again' });
    await expect(main(page)).toContainText(/another code in \d+ seconds/);
    if (js) {
      await expect(send).toBeDisabled();
      await page.clock.runFor(20_000);
      await expect(main(page)).toContainText(/another code in (3\d|40) seconds/);
      await expect(send).toBeDisabled();
      await page.clock.runFor(41_000);
      await expect(main(page).getByRole('status').filter({ hasText: 'You can ask for another code now' })).toHaveCount(1);
      await expect(send).toBeEnabled();
    } else {
      // Nothing counts here, so the shop says when.
      await send.click();
      await expect(main(page).getByRole('alert').filter({ hasText: /Try again in \d+ seconds/ })).toBeVisible();
    }

    ageCodes(person.email, 61);
    const asked = Date.now();
    await send.click();
    await expect(notice(page)).toContainText(/new code/);
    await expectAt(page, '/verify');
    if (js) await expect(notice(page)).toBeFocused();
    const second = codeIn(await mailFor(person.email, asked));
    if (second !== first) {
      await field(page, 'Code').fill(first);
      await press(page, 'Confirm and go on');
      await expectError(page, field(page, 'Code'), /isn’t right/);
    }
    await field(page, 'Code').fill(second);
    await press(page, 'Confirm and go on');
    await expectSignedIn(page, person.username);
  });
});

test('a wrong address can be changed', async ({ page }) => {
  const [wrong, right] = [somebody(), somebody()];
  await visit(page, '/signup?next=%2Fwishlist');
  await signUp(page, wrong);
  await expectAt(page, '/verify');
  await main(page).getByRole('link', { name: 'Change it' }).click();
  await expectAt(page, /^\/signup/);
  await signUp(page, right);
  await expectAt(page, '/verify');
  await expect(main(page)).toContainText(right.email);
  await field(page, 'Code').fill(codeIn(await mailFor(right.email)));
  await press(page, 'Confirm and go on');
  await expectSignedIn(page, right.username);
});

test('an address that has an account looks like one that has none, and its owner is told', async ({ page }) => {
  const known = await member();
  const asked = Date.now();
  await visit(page, '/signup');
  await signUp(page, { ...somebody(), email: known.email });
  await expectAt(page, '/verify');
  await expect(main(page)).toContainText(known.email);
  await expect(field(page, 'Code')).toBeVisible();
  const mail = await mailFor(known.email, asked);
  expect(() => codeIn(mail), 'no code').toThrow();
  expect(mail.text).toMatch(/account/);
  expect(accounts(known.email)).toBe(1);
});

test('who is signed in is told so', async ({ page }) => {
  const person = await member();
  await visit(page, '/login');
  await logIn(page, person);
  await expectAt(page, '/account');
  for (const path of ['/signup', '/login']) {
    await visit(page, path);
    await expect(main(page)).toContainText(`You are signed in as ${person.username}`);
    await expect(main(page).getByRole('textbox')).toHaveCount(0);
  }
});

test('a form sent twice is one sign-up', async ({ page }) => {
  const person = somebody();
  await visit(page, '/signup');
  await field(page, 'Username').fill(person.username);
  await field(page, 'E-mail address').fill(person.email);
  await field(page, 'Password').fill(person.password);
  await main(page).getByRole('button', { name: 'Create account' }).dblclick();
  await expectAt(page, '/verify');
  await field(page, 'Code').fill(codeIn(await mailFor(person.email)));
  await press(page, 'Confirm and go on');
  await expectSignedIn(page, person.username);
  expect(allMail(person.email)).toHaveLength(1);
});

test('fields are what browsers and password managers take them for', async ({ page }) => {
  await visit(page, '/signup');
  await expect(field(page, 'Username')).toHaveAttribute('autocomplete', 'username');
  await expect(field(page, 'E-mail address')).toHaveAttribute('autocomplete', 'email');
  await expect(field(page, 'Password')).toHaveAttribute('autocomplete', 'new-password');
  await expect(field(page, 'Password')).toHaveAttribute('type', 'password');
  await signUp(page, somebody());
  await expectAt(page, '/verify');
  await expect(field(page, 'Code')).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(field(page, 'Code')).toHaveAttribute('inputmode', 'numeric');
  await expect(field(page, 'Code')).not.toHaveAttribute('maxlength', /./);
});

test.describe('the password field @js', () => {
  test('tells in words how strong it is', async ({ page }) => {
    const person = somebody();
    await visit(page, '/signup');
    await field(page, 'Username').fill(person.username);
    const said = main(page).getByRole('status').filter({ hasText: /./ });
    for (const [typed, words] of [
      ['short', /too short/i],
      ['aaaaaaaaaaaaaaaa', /weak/i],
      [person.username + '12', /weak/i],
      ['kV7#pw2!xQzR', /good/i],
      ['gravel otter piano lamp', /strong/i],
    ] as const) {
      await field(page, 'Password').fill(typed);
      await expect(said, typed).toHaveText(words);
    }
  });

  test('shows and hides, and takes what is pasted', async ({ page }) => {
    await visit(page, '/signup');
    await field(page, 'Username').fill('gravel otter piano');
    await field(page, 'Username').press('ControlOrMeta+a');
    await field(page, 'Username').press('ControlOrMeta+c');
    await field(page, 'Password').press('ControlOrMeta+v');
    await expect(field(page, 'Password')).toHaveValue('gravel otter piano');
    await main(page).getByRole('button', { name: 'Show password' }).click();
    await expect(field(page, 'Password')).toHaveAttribute('type', 'text');
    await main(page).getByRole('button', { name: 'Hide password' }).click();
    await expect(field(page, 'Password')).toHaveAttribute('type', 'password');
  });
});
