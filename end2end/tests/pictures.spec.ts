// Pictures of a product, from the file to the shopper.
import { main, part } from '../accounts.ts';
import { faults, isMarked, mark, visit } from '../fixtures.ts';
import { expect, idOf, test, thing } from '../own-shop.ts';
import { BRASS, SAGE, SLATE, coloured, edit, illustrate, items, leading, media, press, upload } from '../pictures.ts';
import { execute, sql } from '../shop.ts';

test('pictures are uploaded, described, ordered, given to variants and removed, and shoppers see it', async ({ page, js, newVisitor }) => {
  const product = coloured();
  await edit(page, product);
  await expect(part(page, 'Pictures')).toContainText('It has no pictures yet');
  if (js) await mark(page);
  await illustrate(page, js, [BRASS, SAGE]);
  const [brass, sage] = media(product);
  await expect(items(page).first().locator('img')).toHaveAttribute('src', new RegExp(brass!));
  await expect(items(page).getByText('Needs a text')).toHaveCount(2);
  await expect(part(page, 'Pictures').getByText('2 pictures need a text')).toBeVisible();

  await items(page).nth(0).getByLabel('What it shows').fill('A brass candlestick');
  await press(page, 'Save picture 1');
  await expect(items(page).getByText('Needs a text')).toHaveCount(1);
  await items(page).nth(1).getByLabel('What it shows').fill('A sage bowl <b>');
  await items(page).nth(1).getByRole('group', { name: 'Shown first for' }).getByLabel('Sage', { exact: true }).check();
  await press(page, 'Save picture 2');
  await expect(items(page).getByText('Needs a text')).toHaveCount(0);

  const shopper = await newVisitor();
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveAttribute('src', new RegExp(brass!));
  await expect(leading(shopper)).toHaveAttribute('alt', 'A brass candlestick');

  await main(page).getByRole('button', { name: 'Move up picture 2' }).focus();
  await page.keyboard.press('Enter');
  await expect(items(page).first().locator('img')).toHaveAttribute('src', new RegExp(sage!));
  if (js) await expect(main(page).getByRole('button', { name: 'Move up picture 1' })).toBeFocused();
  expect(media(product)).toEqual([sage, brass]);
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveAttribute('src', new RegExp(sage!));

  await press(page, 'Remove picture 1');
  await expect(items(page)).toHaveCount(1);
  await visit(shopper, product.path);
  await expect(leading(shopper)).toHaveAttribute('src', new RegExp(brass!));
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(items(page)).toHaveCount(2);
  await expect(items(page).first().getByLabel('What it shows')).toHaveValue('A sage bowl <b>');
  await expect(items(page).first().getByLabel('Sage', { exact: true })).toBeChecked();
  if (js) expect(await isMarked(page), 'no new page was loaded').toBe(true);
});

test.describe('what is wrong', () => {
  test.use({ expected: [/\b400\b/] });

  test('is said beside the file, and beside the text that is missing', async ({ page, js }) => {
    const product = thing({ title: 'Refused' });
    await edit(page, product);
    const drawing = { name: 'drawing.webp', mimeType: 'image/webp', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };
    await upload(page, js, [BRASS, drawing, SAGE]);
    await expect(items(page)).toHaveCount(2);
    const section = part(page, 'Pictures');
    await expect(section.getByText(/drawing\.webp/)).toBeVisible();
    await expect(section.getByText(/the file is not a JPEG, PNG or WebP picture/i)).toBeVisible();

    await press(page, 'Save picture 2');
    await expect(items(page).nth(1).locator('.error').filter({ hasText: /Say what the picture shows/ })).toBeVisible();
    await items(page).nth(1).getByLabel(/^Decorative/).check();
    await press(page, 'Save picture 2');
    await expect(items(page).getByText('Needs a text')).toHaveCount(1);
  });
});

test('an upload without a script saves what was typed about the pictures above it @nojs', async ({ page }) => {
  const product = coloured();
  await edit(page, product);
  await illustrate(page, false, [BRASS, SAGE]);
  await items(page).nth(0).getByLabel('What it shows').fill('A brass candlestick');
  await items(page).nth(0).getByRole('group', { name: 'Shown first for' }).getByLabel('Brass', { exact: true }).check();
  await items(page).nth(1).getByLabel('What it shows').fill('A bowl');
  await items(page).nth(1).getByLabel(/^Decorative/).check();
  await upload(page, false, [SLATE]);
  await expect(items(page)).toHaveCount(3);
  await expect(items(page).nth(0).getByLabel('What it shows')).toHaveValue('A brass candlestick');
  await expect(items(page).nth(0).getByLabel('Brass', { exact: true })).toBeChecked();
  await expect(items(page).nth(1).locator('.error').filter({ hasText: /Clear this, or untick/ })).toBeVisible();
  await expect(items(page).nth(1).getByLabel('What it shows')).toHaveValue('A bowl');
  await expect(items(page).nth(1).getByLabel(/^Decorative/)).toBeChecked();
  await expect(items(page).nth(2).locator('.error').filter({ hasText: /\S/ }), 'nobody has described it yet').toHaveCount(0);
});

test('what is typed about pictures outlives whatever is done to one of them @nojs', async ({ page }) => {
  const product = coloured();
  await edit(page, product);
  await illustrate(page, false, [BRASS, SAGE, SLATE]);
  const [brass, sage, slate] = media(product);
  const text = (at: number) => items(page).nth(at).getByLabel('What it shows');
  const said = (at: number) => items(page).nth(at).locator('.error').filter({ hasText: /\S/ });

  await text(0).fill('A brass candlestick');
  await items(page).nth(0).getByRole('group', { name: 'Shown first for' }).getByLabel('Brass', { exact: true }).check();
  await items(page).nth(2).getByLabel(/^Decorative/).check();
  await press(page, 'Move up picture 2');
  await expect(items(page).first().locator('img')).toHaveAttribute('src', new RegExp(sage!));
  expect(media(product)).toEqual([sage, brass, slate]);
  await expect(text(1)).toHaveValue('A brass candlestick');
  await expect(items(page).nth(1).getByLabel('Brass', { exact: true })).toBeChecked();
  await expect(items(page).nth(2).getByLabel(/^Decorative/)).toBeChecked();
  await expect(items(page).getByText('Needs a text')).toHaveCount(1);
  await expect(said(0), 'nobody has described it yet').toHaveCount(0);

  // One that is refused stands as it was typed, and keeps no other from being saved.
  await text(0).fill('A sage bowl');
  await items(page).nth(0).getByLabel(/^Decorative/).check();
  await text(1).fill('A candlestick of brass');
  await press(page, 'Remove picture 3');
  await expect(items(page)).toHaveCount(2);
  await expect(said(0)).toHaveText(/Clear this, or untick/);
  await expect(text(0)).toHaveValue('A sage bowl');
  await expect(items(page).nth(0).getByLabel(/^Decorative/)).toBeChecked();
  await expect(text(1)).toHaveValue('A candlestick of brass');

  await items(page).nth(0).getByLabel(/^Decorative/).uncheck();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(items(page)).toHaveCount(3);
  await expect(text(0)).toHaveValue('A sage bowl');
  await expect(items(page).nth(2).getByLabel(/^Decorative/)).toBeChecked();
  await expect(items(page).getByText('Needs a text')).toHaveCount(0);

  // Enter does no more than save.
  await text(2).fill('A slate lamp');
  await items(page).nth(2).getByLabel(/^Decorative/).uncheck();
  await text(2).press('Enter');
  await expect(page.locator('#notice')).toContainText('Saved picture 3');
  await expect(text(2)).toHaveValue('A slate lamp');
  expect(media(product)).toEqual([sage, brass, slate]);
});

test('what was typed in the product’s form outlives an upload @js', async ({ page }) => {
  const product = thing({ title: 'Typed' });
  await edit(page, product);
  await main(page).getByLabel('Vendor', { exact: true }).fill('Half typed');
  await illustrate(page, true, [BRASS]);
  await expect(main(page).getByLabel('Vendor', { exact: true })).toHaveValue('Half typed');
  await press(page, 'Save');
  // The upload has raised the version that the form compares with, and the form knows.
  await expect.poll(() => sql<{ vendor: string }>(`select vendor from products where slug = '${product.slug}'`)[0]!.vendor).toBe('Half typed');
});

test('an upload resets nothing of the form, and drafts go on being kept @js', async ({ page }) => {
  const product = coloured();
  const id = idOf(product);
  await edit(page, product);
  await main(page).getByLabel('Description', { exact: true }).fill('Half written');
  await main(page).getByLabel('Status', { exact: true }).selectOption('draft');
  await main(page).getByLabel('Remove Sage', { exact: true }).check();
  await expect(main(page).locator('#draft-kept')).toHaveText(/^Draft kept/);
  const tab = await main(page).locator('.product-form input[name=tab]').inputValue();
  await illustrate(page, true, [BRASS]);
  await expect(main(page).getByLabel('Description', { exact: true })).toHaveValue('Half written');
  await expect(main(page).getByLabel('Status', { exact: true })).toHaveValue('draft');
  await expect(main(page).getByLabel('Remove Sage', { exact: true })).toBeChecked();
  await expect(main(page)).not.toContainText('You have unsaved changes');
  expect(await main(page).locator('.product-form input[name=tab]').inputValue()).toBe(tab);
  await main(page).getByLabel('Vendor', { exact: true }).fill('Still typing');
  await expect.poll(() => sql<{ vendor: string }>(`select typed ->> 'vendor' as vendor from product_drafts where product = '${id}'`)[0]!.vendor).toBe('Still typing');
  await press(page, 'Save');
  await expect.poll(() => sql<{ row: string }>(`
    select concat_ws('|', p.status, p.vendor, count(*)) as row from products p join variants v on v.product_id = p.id
    where p.id = '${id}' group by p.id`)[0]!.row).toBe('draft|Still typing|1');
});

test('what is typed about one picture outlives an act on another @js', async ({ page }) => {
  const product = coloured();
  await edit(page, product);
  await illustrate(page, true, [BRASS, SAGE]);
  await items(page).nth(1).getByLabel('What it shows').fill('A sage bowl');
  await items(page).nth(1).getByLabel('Sage', { exact: true }).check();
  await items(page).nth(0).getByLabel(/^Decorative/).check();
  await press(page, 'Save picture 1');
  await expect(items(page).getByText('Needs a text')).toHaveCount(1);
  await expect(items(page).nth(1).getByLabel('What it shows')).toHaveValue('A sage bowl');
  await expect(items(page).nth(1).getByLabel('Sage', { exact: true })).toBeChecked();
  await press(page, 'Save picture 2');
  await expect(items(page).getByText('Needs a text')).toHaveCount(0);
});

test.describe('a colleague’s save meanwhile', () => {
  test.use({ expected: [/\b40[09]\b/] });

  test('is no less a conflict for an upload @js', async ({ page }) => {
    const product = thing({ title: 'Two at once' });
    const id = idOf(product);
    await edit(page, product);
    await main(page).getByLabel('Vendor', { exact: true }).fill('Mine');
    execute(`update products set version = version + 1, vendor = 'Theirs', updated_at = now() where id = '${id}'`);
    await illustrate(page, true, [BRASS]);
    await press(page, 'Save');
    await expect(main(page)).toContainText('Someone else changed this product');
    expect(sql<{ vendor: string }>(`select vendor from products where id = '${id}'`)[0]!.vendor).toBe('Theirs');
    await expect(main(page).getByLabel('Vendor', { exact: true })).toHaveValue('Mine');
  });

  test('about a picture is told, and what was typed stays', async ({ page, js }) => {
    const product = thing({ title: 'Twice described' });
    await edit(page, product);
    await illustrate(page, js, [BRASS]);
    execute(`update product_images set alt = 'Theirs' where product_id = '${idOf(product)}'`);
    await items(page).getByLabel('What it shows').fill('Mine');
    await press(page, 'Save picture 1');
    await expect(items(page).getByText('It says “Theirs” now')).toBeVisible();
    await expect(items(page).getByLabel('What it shows')).toHaveValue('Mine');
    await press(page, 'Save picture 1');
    await expect.poll(() => sql<{ alt: string }>(`select alt from product_images where product_id = '${idOf(product)}'`)[0]!.alt).toBe('Mine');
  });
});

for (const way of ['drop', 'paste'] as const) {
  test(`pictures come by ${way} @js`, async ({ page }) => {
    const product = thing({ title: `By ${way}` });
    await edit(page, product);
    const files = [BRASS, SLATE].map(({ name, mimeType, buffer }) => ({ name, mimeType, base64: buffer.toString('base64') }));
    await part(page, 'Pictures').evaluate((section, { way, files }) => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: mimeType }));
      }
      const init = { bubbles: true, cancelable: true };
      const event = way === 'drop'
        ? new DragEvent('drop', { ...init, dataTransfer: transfer })
        : new ClipboardEvent('paste', { ...init, clipboardData: transfer });
      section.dispatchEvent(event);
    }, { way, files });
    await expect(items(page)).toHaveCount(2);
    await expect(main(page).locator('#uploads-status')).toHaveText('Added 2 pictures.');
  });
}

test('an upload over a slow line shows how far it is @js', async ({ page }) => {
  const product = thing({ title: 'Slow' });
  await edit(page, product);
  // Noise, which no format makes small.
  const noise = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 500, height: 400 });
    const brush = canvas.getContext('2d')!;
    const pixels = brush.createImageData(canvas.width, canvas.height);
    pixels.data.forEach((_, at) => (pixels.data[at] = at % 4 === 3 ? 255 : Math.random() * 256));
    brush.putImageData(pixels, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1]!;
  });
  const picture = { name: 'noise.png', mimeType: 'image/png', buffer: Buffer.from(noise, 'base64') };
  const line = await page.context().newCDPSession(page);
  // In bytes a second: a third of the picture.
  const uploadThroughput = picture.buffer.length / 3;
  await line.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
  const shown = page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const values: number[] = [];
        new MutationObserver((changes, observer) => {
          for (const { target } of changes) values.push((target as HTMLProgressElement).value);
          if (values.length < 3) return;
          observer.disconnect();
          resolve(values);
        }).observe(document.getElementById('uploads')!, { subtree: true, attributeFilter: ['value'] });
      }),
  );
  await upload(page, true, [picture]);
  await expect(main(page).getByRole('list', { name: 'Uploads' }).getByRole('progressbar', { name: 'noise.png' })).toBeVisible();
  const values = await shown;
  expect(values, 'it only rises').toEqual([...values].sort((a, b) => a - b));
  expect(new Set(values).size, 'and does rise').toBeGreaterThan(1);
  expect(values[0], 'from the beginning on').toBeLessThan(0.9);
  await expect(items(page)).toHaveCount(1);
  await expect(main(page).locator('#uploads-status')).toHaveText('Added a picture.');
});

test('a picture is dragged to its place @js', async ({ page }) => {
  const product = thing({ title: 'Dragged' });
  await edit(page, product);
  await illustrate(page, true, [BRASS, SAGE, SLATE]);
  const [brass, sage, slate] = media(product);
  // By hand: the list is longer than the window, and what is dragged must be on it with where it goes.
  await page.setViewportSize({ width: 1280, height: 2400 });
  await items(page).nth(2).locator('img').hover();
  await page.mouse.down();
  const first = (await items(page).nth(0).boundingBox())!;
  await page.mouse.move(first.x + 20, first.y + 40, { steps: 8 });
  await page.mouse.move(first.x + 20, first.y + 4, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => media(product)).toEqual([slate, brass, sage]);
  await expect(items(page).first().locator('img')).toHaveAttribute('src', new RegExp(slate!));
  await expect(main(page).locator('#uploads li'), 'it is no file').toHaveCount(0);
});

test('the pictures of a product are accessible and fit @js', async ({ page }) => {
  const product = coloured();
  await edit(page, product);
  await illustrate(page, true, [BRASS, SAGE]);
  expect(await faults(page)).toEqual([]);
});
