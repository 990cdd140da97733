<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>BoardGuide</name>
    <message numerus="yes">
        <source>%n views, {percent:.0f} %</source>
        <translation><numerusform>%n view, {percent:.0f} %</numerusform><numerusform>%n views, {percent:.0f} %</numerusform></translation>
    </message>
</context>
<context>
    <name>ControlPanel</name>
    <message numerus="yes">
        <source>After %n seconds</source>
        <translation><numerusform>After %n second</numerusform><numerusform>After %n seconds</numerusform></translation>
    </message>
</context>
<context>
    <name>SessionBrowser</name>
    <message numerus="yes">
        <source>{read} of %n sessions read…</source>
        <translation><numerusform>{read} of %n session read…</numerusform><numerusform>{read} of %n sessions read…</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{shown} of %n sessions in {folder}</source>
        <translation><numerusform>{shown} of %n session in {folder}</numerusform><numerusform>{shown} of %n sessions in {folder}</numerusform></translation>
    </message>
</context>
</TS>
